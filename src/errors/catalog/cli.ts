import { entries } from '../entry.ts';

export const cliErrors = entries({
  BUG: {
    exit: 'bug',
    title: 'a fault of lfctl',
    meaning: 'lfctl met a state that its authors held to be impossible.',
    fixes: [{ text: 'run the same line with --debug and report the stack' }],
  },
  USAGE: {
    exit: 'usage',
    title: 'wrong flags or arguments',
    meaning: 'The command line could not be understood.',
    fixes: [],
  },
  CONFIG_INVALID: {
    exit: 'config',
    title: 'the configuration file is not valid',
    meaning: 'All problems of the file are listed together, each with its line.',
    fixes: [{ text: 'mend what is named; `lfctl explain configuration` shows the whole shape' }],
  },
  CONFIG_UNREADABLE: {
    exit: 'config',
    title: 'the configuration file could not be read or written',
    meaning: 'It is missing, a folder, or its rights do not allow it.',
    fixes: [{ text: 'create one', command: 'lfctl config init' }],
  },
  STATE_FOLDER: {
    exit: 'config',
    title: 'the state folder cannot be used',
    meaning: 'lfctl keeps a fingerprint key and its sandboxes there; nobody else may write to it.',
    fixes: [{ text: 'set XDG_STATE_HOME to a folder of your own' }],
  },
  OUTPUT_WRITE: {
    exit: 'incomplete',
    title: 'the result could not be written',
    meaning: 'Standard output was refused: a full disk, or a device that takes nothing.',
    fixes: [{ text: 'free room where the output goes, and run it again' }],
  },
  INTERRUPTED: {
    exit: 'interrupted',
    title: 'interrupted',
    meaning: 'SIGINT (Ctrl-C) ended the run; the current step was finished or undone.',
    fixes: [],
  },
  TERMINATED: {
    exit: 'terminated',
    title: 'terminated',
    meaning: 'SIGTERM ended the run; the current step was finished or undone.',
    fixes: [],
  },
  TIMEOUT: {
    exit: 'incomplete',
    title: 'the time was over',
    meaning: 'The run did not end within --timeout.',
    fixes: [{ text: 'give it more time with --timeout' }],
  },
  REFUSED: {
    exit: 'refused',
    title: 'refused',
    meaning: 'A guard or the answer to a question stopped it; nothing was changed.',
    fixes: [],
  },
});
