/** What docs.mjs writes the reference from, in one bundle. */
export { formatsOf } from '../src/cli/output.ts';
export { exitsOf, optionText, usageLine } from '../src/cli/help.ts';
export { globalOptions } from '../src/cli/globals.ts';
export { flagOf, variableOf } from '../src/cli/names.ts';
export { commands } from '../src/commands/index.gen.ts';
export { checks } from '../src/doctor/checks/index.gen.ts';
export { errorCatalog } from '../src/errors/catalog.ts';
export { exitCodes, exitMeanings } from '../src/errors/exit.ts';
export { faults } from '../src/sandbox/faults/index.gen.ts';
export { layoutGenerations } from '../src/sandbox/layouts/index.ts';
export { allDrills, ciDrills, coverage, deploymentName, deploymentsOf } from '../test/support/drill-plan.ts';
