/**
 * To be loaded before the program (`node --import`): divides all its pauses by `factor`, so that a request can be processed long
 * after the program has given it up, without a long test.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const factor = Number(new URL(import.meta.url).searchParams.get('factor'));
const { setTimeout } = timers;
timers.setTimeout = (ms, ...rest) => setTimeout(ms / factor, ...rest);
syncBuiltinESMExports();
