import { silent } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Call, CommandDefinition, CommandTable } from './command.ts';

type Verb = 'subscribe' | 'unsubscribe' | 'psubscribe' | 'punsubscribe';

function changes(arity: number, verb: Verb): CommandDefinition {
  return {
    arity,
    effect: 'connection',
    noScript: true,
    run: (names, { session, engine }) => {
      const held = [...(verb.startsWith('p') ? session.patterns : session.channels)];
      const wanted: readonly (string | null)[] = names.length > 0 ? names : held.length > 0 ? held : [null];
      for (const name of wanted) {
        if (name !== null) change(verb, name, { session, engine });
        session.send({ kind: 'push', items: [verb, name, session.channels.size + session.patterns.size] });
      }
      return silent;
    },
  };
}

function change(verb: Verb, name: string, { session, engine }: Pick<Call, 'session' | 'engine'>): void {
  switch (verb) {
    case 'subscribe':
      return engine.channels.subscribe(session, name);
    case 'unsubscribe':
      return engine.channels.unsubscribe(session, name);
    case 'psubscribe':
      return engine.channels.subscribePattern(session, name);
    case 'punsubscribe':
      return engine.channels.unsubscribePattern(session, name);
  }
}

function inspect([sub = '', ...names]: readonly string[], { engine }: Call): Reply {
  switch (sub.toUpperCase()) {
    case 'CHANNELS':
      return engine.channels.active(names[0] ?? '*');
    case 'NUMSUB':
      return names.flatMap((name): Reply[] => [name, engine.channels.count(name)]);
    default:
      return engine.channels.patternCount;
  }
}

/** Publish and subscribe. */
export const channelCommands: CommandTable = {
  subscribe: changes(-2, 'subscribe'),
  unsubscribe: changes(-1, 'unsubscribe'),
  psubscribe: changes(-2, 'psubscribe'),
  punsubscribe: changes(-1, 'punsubscribe'),
  publish: {
    arity: 3,
    effect: 'connection',
    run: ([channel = '', message = ''], { engine }) => engine.channels.publish(channel, message),
  },
  pubsub: { arity: -2, effect: 'connection', run: inspect },
};
