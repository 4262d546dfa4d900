import * as fc from 'fast-check';

/**
 * Where a build decides, the properties try the same values every time, so that red means: this change did it. Everywhere else
 * they go on looking for new ones.
 */
if (process.env['CI']) fc.configureGlobal({ seed: 20_261_127 });
