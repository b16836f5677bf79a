#!/usr/bin/env node
// nlp.js on the rows that `ventanilla eval` reads, for comparison in the same run.
//
//     node nlp_js.mjs FILE.jsonl [--protocol closed|clinc] [--train-split train] [--test-split test] [--lang en]
//
// node-nlp's manager with its defaults. Prints one JSON object with the answers' figures as the other peers do: the figures are counted by
// rows.py, to which `benches/peers/run` gives what this prints. Needs node-nlp (npm install node-nlp), found from the current folder or NODE_PATH.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const file = process.argv[2];
if (!file) throw new Error('a file is needed');
const clinc = option('protocol', 'closed') === 'clinc';
const folder = process.env.NODE_PATH ? join(process.env.NODE_PATH, '..') : process.cwd();
const { NlpManager } = createRequire(join(folder, 'package.json'))('node-nlp');

const rows = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim()).map((line) => JSON.parse(line));
const of = (split) => rows.filter((row) => row.split === split);
const train = of(option('train-split', 'train')).filter((row) => !(clinc && row.intent === 'oos'));
const test = of(option('test-split', 'test'));
if (!train.length || !test.length) throw new Error(`${file}: a split is missing`);

const lang = option('lang', 'en');
const manager = new NlpManager({ languages: [lang], autoSave: false, forceNER: false, nlu: { log: false, useNoneFeature: false } });
for (const { text, intent } of train) manager.addDocument(lang, text, intent);
const log = console.log;
console.log = () => {};
const began = performance.now();
const cpu = process.cpuUsage();
await manager.train();
const seconds = (performance.now() - began) / 1000;
const spent = process.cpuUsage(cpu);
console.log = log;

const micros = [];
const answers = async (pairs) => {
  const found = [];
  for (const { text } of pairs) {
    const from = performance.now();
    const read = await manager.process(lang, text);
    micros.push((performance.now() - from) * 1000);
    const best = read.classifications?.[0] ?? { intent: 'none', score: 0 };
    found.push([best.intent, best.score]);
  }
  return found;
};
const readAs = await answers(test);
micros.sort((a, b) => a - b);
const at = (share) => micros[Math.round(share * (micros.length - 1))];
const report = {
  peer: 'nlp.js (node-nlp), defaults',
  test: test.map(({ text, intent }) => [text, intent]),
  read_as: readAs,
  train_seconds: seconds,
  train_cpu_seconds: (spent.user + spent.system) / 1e6,
  micros_p50: at(0.5),
  micros_p99: at(0.99),
};
if (clinc) {
  const validation = of('val');
  report.validation = validation.map(({ text, intent }) => [text, intent]);
  report.validation_read_as = await answers(validation);
}
console.log(JSON.stringify(report));
