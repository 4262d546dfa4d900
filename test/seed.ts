import * as fc from 'fast-check';

/**
 * In CI, property tests use the same values every time, so that a failure is caused by the change. Everywhere else they try
 * new values.
 */
if (process.env['CI']) fc.configureGlobal({ seed: 20_261_127 });
