import { entries } from '../entry.ts';

export const sandboxErrors = entries({
  SANDBOX_PART_MISSING: {
    exit: 'config',
    title: 'a part of the sandbox is not installed',
    meaning: 'The practice deployment needs a program that is not on this machine.',
    fixes: [{ text: 'install the pinned parts', command: 'lfctl sandbox install' }],
  },
  SANDBOX_PORT: {
    exit: 'config',
    title: 'a port of the sandbox is taken',
    meaning: 'Another process listens where the sandbox must.',
    fixes: [{ text: 'see what runs', command: 'lfctl sandbox status' }],
  },
  SANDBOX_DISK: {
    exit: 'config',
    title: 'the sandbox cannot write its state',
    meaning: 'The disk is full or the state folder is not writable.',
    fixes: [{ text: 'free room, or set XDG_STATE_HOME to another folder' }],
  },
  SANDBOX_NOT_RUNNING: {
    exit: 'usage',
    title: 'the sandbox does not run',
    meaning: 'The command needs a running sandbox of this name.',
    fixes: [{ text: 'start it', command: 'lfctl sandbox up' }],
  },
  SANDBOX_START: {
    exit: 'incomplete',
    title: 'the sandbox did not become ready',
    meaning: 'A part did not start in time; its log says why.',
    fixes: [{ text: 'see which part', command: 'lfctl sandbox status' }],
  },
  SANDBOX_FAULT: {
    exit: 'usage',
    title: 'no such fault, or it makes no sense here',
    meaning: 'The fault is not in the list, or not for this Langfuse version and layout.',
    fixes: [{ text: 'see the list', command: 'lfctl sandbox faults' }],
  },
  SANDBOX_LOOPBACK: {
    exit: 'config',
    title: 'this system has no loopback addresses for the sandbox',
    meaning:
      'Each pod listens on an address of its own, 127.a.b.c. Linux has them all; other systems have 127.0.0.1 alone.',
    fixes: [{ text: 'run the sandbox on Linux: a machine, a virtual one, or a container with Node' }],
  },
  SANDBOX_BUSY: {
    exit: 'locked',
    title: 'another lfctl changes this sandbox',
    meaning: 'Two of up, down, break and mend at once on one sandbox would disturb each other.',
    fixes: [{ text: 'wait until it is done, or use another sandbox with --name' }],
  },
});
