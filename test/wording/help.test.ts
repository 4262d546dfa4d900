import { expect, it } from 'vitest';

import { commandsIn } from '../helpers/commands.js';
import { cli } from '../helpers/in-process-cli.js';
import { workplace } from '../helpers/workplace.js';

import { Transcript } from './transcript.js';

it('help of the program and of every command', async () => {
  const at = workplace();
  const transcript = new Transcript();
  const { stdout } = await cli(['--help'], { at });

  await transcript.command('the program', ['--help'], { at });
  for (const command of commandsIn(stdout)) await transcript.command(command, [command, '--help'], { at });

  await expect(transcript.text).toMatchFileSnapshot('snapshots/help.txt');
});
