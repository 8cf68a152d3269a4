import { describe, expect, it } from 'vitest';
import { matchesLabels } from '../../src/ports/label-selector.ts';

const web = { app: 'web', tier: 'front' };

const requirement = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

describe('a label selector', () => {
  it.each([
    ['an empty one', {}],
    ['the same value', { matchLabels: { app: 'web' } }],
    ['In with the value', requirement('app', 'In', 'web', 'worker')],
    ['NotIn without the value', requirement('app', 'NotIn', 'worker')],
    ['NotIn of a key that is not there', requirement('zone', 'NotIn', 'a')],
    ['Exists of a key', requirement('tier', 'Exists')],
    ['DoesNotExist of a key that is not there', requirement('zone', 'DoesNotExist')],
  ])('takes labels by %s', (_name, selector) => expect(matchesLabels(selector, web)).toBe(true));

  it.each([
    ['another value', { matchLabels: { app: 'worker' } }],
    ['one of two that differs', { matchLabels: { app: 'web', tier: 'back' } }],
    ['In without the value', requirement('app', 'In', 'worker')],
    ['In of a key that is not there', requirement('zone', 'In', 'a')],
    ['NotIn with the value', requirement('app', 'NotIn', 'web')],
    ['Exists of a key that is not there', requirement('zone', 'Exists')],
    ['DoesNotExist of a key', requirement('app', 'DoesNotExist')],
    ['an operator nobody knows', requirement('app', 'Like', 'web')],
    [
      'labels that fit and a requirement that does not',
      { matchLabels: web, ...requirement('app', 'NotIn', 'web') },
    ],
  ])('leaves labels by %s', (_name, selector) => expect(matchesLabels(selector, web)).toBe(false));

  it('takes a pod without labels only when it asks for nothing', () => {
    expect(matchesLabels({})).toBe(true);
    expect(matchesLabels({ matchLabels: { app: 'web' } })).toBe(false);
  });
});
