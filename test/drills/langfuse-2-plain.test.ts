import { drillOn } from './_drill.ts';

drillOn(2, 'plain');
