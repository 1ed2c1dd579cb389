// Services and providers that speak SAML by libraries of Python, each a process of its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fetchLocal, firstLine } from './kit.mjs';

const PYTHON = process.env.KAPU_PYTHON;
assert.ok(PYTHON, 'KAPU_PYTHON names a Python that has e2e/requirements.txt; ./test sets it');

/** Starts a script of this folder, with something to read. It prints its origin, and has its metadata at /metadata. */
export async function startPython(script, words, input = '') {
  const path = fileURLToPath(new URL(script, import.meta.url));
  // Nothing is to lie beside the scripts afterwards.
  const python = spawn(PYTHON, ['-B', path, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => python.once('exit', (code, signal) => done(code ?? signal)));
  python.stdin.end(input);
  const origin = await firstLine(python, ended, () => true);
  assert.equal(typeof origin, 'string', `${script} ended (${origin.end})`);
  const metadata = await (await fetchLocal(`${origin}/metadata`)).text();
  const stop = () => {
    python.kill();
    return ended;
  };
  return { origin, metadata, stop };
}
