import { defineCommand } from '../command.js';
import { logFlags } from '../flags.js';

export const completionCommand = defineCommand({
  name: 'completion',
  group: 'Tools',
  description: 'Print a completion script for the shell that $SHELL names',
  flags: { ...logFlags },
  examples: [
    ['bash', 'completion >> ~/.bashrc'],
    ['zsh', 'completion >> ~/.zshrc'],
  ],
  handler: async (_, { stdout }) => {
    const { completionScript } = await import('../completion.js');
    stdout.write(`${await completionScript()}\n`);
    return 0;
  },
});
