import { entries } from '../entry.ts';

export const projectsErrors = entries({
  ORGANIZATION_UNKNOWN: {
    exit: 'usage',
    title: 'no such organisation',
    meaning: 'The text is neither the id nor the name of an organisation of this deployment.',
    fixes: [{ text: 'see which are there', command: 'lfctl org list' }],
  },
  ORGANIZATION_AMBIGUOUS: {
    exit: 'usage',
    title: 'several organisations have this name',
    meaning: 'Langfuse lets two organisations have one name, and lfctl does not guess.',
    fixes: [{ text: 'name it by its id', command: 'lfctl org list' }],
  },
  PROJECT_NAME: {
    exit: 'usage',
    title: 'Langfuse would not take this name for a project',
    meaning:
      'A name has 3 to 60 characters (30 in Langfuse 2), holds no HTML, and belongs to one project of an organisation alone.',
    fixes: [],
  },
  PROJECT_TAKEN: {
    exit: 'refused',
    title: 'the organisation has a project of this name',
    meaning: 'Langfuse itself refuses a second project of one name in an organisation from version 3 on.',
    fixes: [{ text: 'see which are there', command: 'lfctl project list' }],
  },
  RETENTION: {
    exit: 'usage',
    title: 'Langfuse does not take this retention',
    meaning: 'It is a number of days, 0 for keeping all, else at least 3; Langfuse has it from 3.14 on.',
    fixes: [],
  },
  RETENTION_LICENCE: {
    exit: 'refused',
    title: 'retention needs an Enterprise licence',
    meaning:
      'Langfuse itself lets nobody set it without one (LANGFUSE_EE_LICENSE_KEY of web), and lfctl does not go around that.',
    fixes: [{ text: 'leave --retention out' }],
  },
  PROJECT_PROVISIONED: {
    exit: 'refused',
    title: 'Langfuse would make the project again',
    meaning:
      'LANGFUSE_INIT_PROJECT_ID names it: each start of web makes the project and its key again when they are absent.',
    fixes: [
      {
        text: 'take LANGFUSE_INIT_PROJECT_* out of the environment of web, roll it out, and run the same line again',
      },
    ],
  },
  PROJECT_LEFT: {
    exit: 'partial',
    title: 'something of the project is left',
    meaning:
      'Rows or objects of the project were still there after the last round, because something still writes them.',
    fixes: [{ text: 'run the same line again: it goes on where it stopped' }],
  },
  TEAMS_FILE: {
    exit: 'usage',
    title: 'the file of projects and teams is not valid',
    meaning: 'All problems of the file are listed together, each with its line; nothing was made.',
    fixes: [{ text: 'mend what is named; `lfctl explain projects` shows the whole shape' }],
  },
});
