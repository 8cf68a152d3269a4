/** So many requests may be open at once; the others wait for their turn. */
export interface Slots {
  readonly run: <Value>(work: () => Promise<Value>) => Promise<Value>;
}

export function openSlots(most: number): Slots {
  let open = 0;
  const waiting: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (open < most) open += 1;
    else await new Promise<void>((go) => waiting.push(go));
  };
  // Who waits takes over the slot of the one that leaves.
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) open -= 1;
    else next();
  };
  return {
    run: async (work) => {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
