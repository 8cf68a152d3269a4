import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { LfctlError } from '../../../errors/error.ts';

/** A block of 4096 loopback addresses, 127.a.b.0/20: no root needed on Linux, and none shared with others. */
export interface AddressBlock {
  /** First address of the block as a number. */
  readonly first: number;
  /** Held open so that a second sandbox whose name hashes alike takes another block. */
  readonly guard: Server;
}

const blockSize = 4096;
const blocks = 254 * 16;
/** Where the guard listens; the number means nothing. */
const guardPort = 20_480;
/** Offsets within the block: the node, then Services, black holes and pods. */
export const offsets = { node: 1, services: 16, blackHoles: 1024, pods: 1280, end: 4090 } as const;

/** Takes the block of a former run, or the first free one from where the name's hash points. */
export async function takeBlock(stateFolder: string, seed: string): Promise<AddressBlock> {
  const file = join(stateFolder, 'network.json');
  const kept = await keptBlock(file);
  if (kept !== null) return { first: kept, guard: await guardBlock(kept, true) };
  const start = createHash('sha256').update(seed).digest().readUInt32BE(0) % blocks;
  for (let step = 0; step < 64; step += 1) {
    const first = 0x7f01_0000 + ((start + step) % blocks) * blockSize;
    const guard = await guardBlock(first, false).catch(() => null);
    if (guard === null) continue;
    await mkdir(stateFolder, { recursive: true });
    await writeFile(file, JSON.stringify({ first }));
    return { first, guard };
  }
  throw new LfctlError('SANDBOX_PORT', { message: 'no free block of loopback addresses was found' });
}

async function keptBlock(file: string): Promise<number | null> {
  try {
    const { first } = JSON.parse(await readFile(file, 'utf8')) as { first?: unknown };
    return typeof first === 'number' ? first : null;
  } catch {
    return null;
  }
}

async function guardBlock(first: number, needed: boolean): Promise<Server> {
  const host = addressAt(first, offsets.node);
  const guard = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    guard.once('error', (cause) => {
      const message = `another sandbox uses the addresses of this one (${host}:${guardPort} is taken)`;
      reject(needed ? new LfctlError('SANDBOX_PORT', { message, cause }) : cause);
    });
    guard.listen(guardPort, host, () => resolve(guard.unref()));
  });
}

/** The loopback address so many places after the first. */
export function addressAt(first: number, offset: number): string {
  const value = first + offset;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

/** Hands out addresses of one range, the longest unused next, so that a new pod differs from the one before. */
export function addressPool(first: number, from: number, to: number): AddressPool {
  const byKey = new Map<string, string>();
  const used = new Set<string>();
  let next = from;
  return {
    take: (key) => {
      const had = byKey.get(key);
      if (had !== undefined) return had;
      for (let tries = from; tries < to; tries += 1) {
        const address = addressAt(first, next);
        next = next + 1 < to ? next + 1 : from;
        if (used.has(address)) continue;
        byKey.set(key, address);
        used.add(address);
        return address;
      }
      throw new LfctlError('SANDBOX_PORT', { message: 'the sandbox has no address left' });
    },
    keep: (key, address) => {
      byKey.set(key, address);
      used.add(address);
    },
    free: (key) => {
      used.delete(byKey.get(key) ?? '');
      byKey.delete(key);
    },
  };
}

/** Loopback addresses of one sandbox, each given out once at a time. */
export interface AddressPool {
  /** The key's address, a new one at first. */
  readonly take: (key: string) => string;
  readonly keep: (key: string, address: string) => void;
  readonly free: (key: string) => void;
}
