import { expect, it } from 'vitest';
import { viewPlan } from '../../src/plan/plan.ts';
import { making, planOf, world } from './world.ts';

const plan = planOf([making(world(), 'a'), making(world(), 'b')], { basis: { rows: 3 } });

it('has a token of its steps, its world and its place', () => {
  const { token } = viewPlan(plan, 'here');
  expect(token).toMatch(/^[0-9a-f]{12}$/);
  expect(viewPlan(plan, 'here').token).toBe(token);
  const others = [
    viewPlan(plan, 'there').token,
    viewPlan({ ...plan, basis: { rows: 4 } }, 'here').token,
    viewPlan({ ...plan, steps: plan.steps.slice(0, 1) }, 'here').token,
    viewPlan({ ...plan, subject: 'four things' }, 'here').token,
  ];
  expect(new Set([token, ...others]).size).toBe(5);
});

it('is reversible when each step is', () => {
  expect(viewPlan(plan, 'here').reversible).toBe(true);
  const forever = { ...making(world(), 'c'), undo: null };
  expect(viewPlan({ ...plan, steps: [...plan.steps, forever] }, 'here').reversible).toBe(false);
});
