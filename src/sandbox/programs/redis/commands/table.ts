import { blockingCommands } from './blocking.ts';
import { channelCommands } from './channels.ts';
import { clientCommands } from './clients.ts';
import type { CommandDefinition } from './command.ts';
import { connectionCommands } from './connection.ts';
import { hashCommands } from './hashes.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { scriptCommands } from './scripts.ts';
import { serverCommands } from './server.ts';
import { setCommands } from './sets.ts';
import { sortedSetCommands } from './sorted-sets.ts';
import { streamCommands } from './streams.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

/** Every command by its lower-case name. */
export const commands: ReadonlyMap<string, CommandDefinition> = new Map(
  [
    stringCommands,
    keyCommands,
    hashCommands,
    listCommands,
    setCommands,
    sortedSetCommands,
    streamCommands,
    blockingCommands,
    transactionCommands,
    scriptCommands,
    channelCommands,
    connectionCommands,
    clientCommands,
    serverCommands,
  ].flatMap((table) => Object.entries(table)),
);
