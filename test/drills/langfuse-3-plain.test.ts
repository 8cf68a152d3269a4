import { drillOn } from './_drill.ts';

drillOn(3, 'plain');
