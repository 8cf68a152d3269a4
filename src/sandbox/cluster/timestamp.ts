/** A time as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
