import { LfctlError } from '../../src/errors/error.ts';
import { afterAll, beforeAll, describe, it } from 'vitest';

/** A server that a contract suite runs on. */
export interface Started<Target> {
  readonly target: Target;
  readonly stop: () => Promise<void>;
}

/** One kind of server; `find` says why there is none on this machine. */
export interface Candidate<Target> {
  readonly name: string;
  readonly find: () => Promise<Found<Target>>;
}

type Found<Target> = { readonly start: () => Promise<Started<Target>> } | { readonly missing: string };

/** Runs a suite on every server that is there; those that are not are named in the report. */
export async function onEach<Target>(
  port: string,
  candidates: readonly Candidate<Target>[],
  suite: (target: () => Target) => void,
): Promise<void> {
  for (const { name, find } of candidates) {
    const found = await find();
    if ('missing' in found) {
      const title = `${port} on ${name} (skipped: ${found.missing})`;
      // The usual reporter shows no skipped test of a file that passed.
      process.stdout.write(`${title}\n`);
      it.skip(title, () => undefined);
      continue;
    }
    describe(`${port} on ${name}`, () => {
      let started: Started<Target> | null = null;
      beforeAll(async () => {
        started = await found.start();
      });
      afterAll(async () => {
        await started?.stop();
      });
      suite(() => {
        if (started === null) throw new Error(`${name} was not started`);
        return started.target;
      });
    });
  }
}

/** What is missing when a lookup fails with an LfctlError; null when it succeeds. */
export async function missingPart(lookUp: () => Promise<unknown>): Promise<string | null> {
  try {
    await lookUp();
    return null;
  } catch (error) {
    if (error instanceof LfctlError) return error.message;
    throw error;
  }
}
