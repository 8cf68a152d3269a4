import { Chalk } from 'chalk';
import type { ChalkInstance } from 'chalk';

const colored = new Chalk({ level: 1 });
const plain = new Chalk({ level: 0 });

/** The 16 colours that every terminal has, or none. The process's own idea of colour plays no part. */
export const paint = (color: boolean): ChalkInstance => (color ? colored : plain);
