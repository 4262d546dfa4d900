import * as fc from 'fast-check';

/** Up to four of: flipped bits, cut bytes, zeroed bytes, moved lines, repeated lines. */
export function journalDamage(): fc.Arbitrary<(journal: Buffer) => Buffer> {
  const size = fc.integer({ min: 1, max: 600 });
  const one = fc.oneof(
    fc.tuple(fc.nat(), fc.nat(7)).map(
      ([at, bit]) =>
        (bytes: Buffer) =>
          flipped(bytes, at % bytes.length, bit),
    ),
    fc.tuple(fc.nat(), size).map(
      ([at, length]) =>
        (bytes: Buffer) =>
          replaced(bytes, at % bytes.length, length, 0),
    ),
    fc.tuple(fc.nat(), size).map(
      ([at, length]) =>
        (bytes: Buffer) =>
          replaced(bytes, at % bytes.length, length, length),
    ),
    fc.tuple(fc.nat(), fc.nat()).map(
      ([from, to]) =>
        (bytes: Buffer) =>
          withLines(bytes, (lines) => {
            const [line = ''] = lines.splice(from % lines.length, 1);
            lines.splice(to % (lines.length + 1), 0, line);
          }),
    ),
    fc.tuple(fc.nat(), fc.nat()).map(
      ([from, to]) =>
        (bytes: Buffer) =>
          withLines(bytes, (lines) => {
            lines.splice(to % lines.length, 0, lines[from % lines.length] ?? '');
          }),
    ),
  );
  return fc
    .array(one, { minLength: 1, maxLength: 4 })
    .map(
      (damages) => (journal: Buffer) =>
        damages.reduce((bytes, damage) => (bytes.length === 0 ? bytes : damage(bytes)), journal),
    );
}

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
  return changed;
}

function replaced(bytes: Buffer, at: number, length: number, zeros: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(zeros), bytes.subarray(at + length)]);
}

/** @param change - of the lines, each with its newline. */
function withLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
  const lines = bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [''];
  change(lines);
  return Buffer.from(lines.join(''), 'latin1');
}
