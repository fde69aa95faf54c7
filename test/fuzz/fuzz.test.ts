import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { parsers } from './parsers/parsers.ts';
import { Watchdog } from './watchdog.ts';

/** Inputs that are tried with each seed. The command tries as many as there is time for. */
const inputs = 150;
const seeds = { fixed: 20_261_126, random: randomInt(2 ** 31) };

describe('whatever a parser is given', () => {
  const watchdog = new Watchdog();
  after(() => watchdog.end());

  for (const parser of parsers) {
    test(`${parser.name} keeps its promises`, async (t) => {
      const kept = readCorpus(parser.name).length;
      assert.ok(kept > 0, 'There is no corpus to begin with.');
      for (const [kind, seed] of Object.entries(seeds)) {
        t.diagnostic(`${kind} seed ${seed}`);
        const failures: string[] = [];
        await fuzz(parser, {
          seed,
          goesOn: (tried) => tried < kept + inputs,
          watchdog,
          report: (failure) => failures.push(failure),
        });
        const again = `npm run test:fuzz -- --parser ${parser.name} --seed ${seed} tries it again.`;
        assert.deepEqual(failures, [], `${again}\n${failures.join('\n')}`);
      }
    });
  }
});
