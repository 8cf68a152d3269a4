import { drillOn } from './_drill.ts';

drillOn(4, 'runbook');
