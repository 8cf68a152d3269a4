import { type Bed, startBed } from './bed.ts';
import { buildProgram } from './build-program.ts';

/** A bed whose pods run the program as the package ships it; stopping it removes a bundle made for it. */
export async function startBuiltBed(seed: string): Promise<Bed> {
  const program = await buildProgram();
  const bed = await startBed(program.entry, seed);
  const stop = async (): Promise<void> => {
    await bed.stop();
    await program.remove();
  };
  return { ...bed, stop };
}
