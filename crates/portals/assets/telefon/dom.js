// Pages of the wallet: elements, forms, and what is wrong with what was typed.

/** An element with attributes and children; a function as `on…` hears the event, nothing is left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return made;
}

export const paragraph = (text, className = 'para') => el('p', { class: className }, text);

/** A button that does something; while it does, it is not pressed again. */
export function button(words, onclick, { second = false, label } = {}) {
  const made = el('button', { type: 'button', class: second ? 'btn second' : 'btn', 'aria-label': label, onclick: () => once(made, onclick) }, words);
  return made;
}

export const actions = (...buttons) => el('p', { class: 'actions' }, ...buttons);

/** A list of names and values. */
export const facts = (rows) => el('dl', { class: 'data' }, rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

/** A field with its label and hint. */
export function field({ id, label, hint, type = 'text', mode, complete = 'off', digits }) {
  const described = hint ? `${id}-h` : undefined;
  const input = el('input', {
    class: digits ? 'input code' : 'input',
    id,
    name: id,
    type,
    inputmode: mode,
    autocomplete: complete,
    autocapitalize: 'none',
    spellcheck: 'false',
    required: true,
    'aria-describedby': described,
  });
  return el('div', { class: 'field' }, el('label', { for: id }, label), hint && el('span', { class: 'hint', id: described }, hint), input);
}

/** A box to tick. */
export const tick = ({ id, label, hint, checked, onchange }) =>
  el(
    'div',
    { class: 'check' },
    el('input', { type: 'checkbox', id, checked, onchange, 'aria-describedby': hint && `${id}-h` }),
    el('div', {}, el('label', { for: id }, label), hint && el('span', { class: 'hint', id: `${id}-h` }, hint)),
  );

/** A form; `onsend` gets what stands in its fields, and may throw `Problem`. */
export function form({ words, fields, send, more = [], onsend }) {
  const onsubmit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(made)].map(([name, value]) => [name, value.trim()]));
    await once(event.submitter ?? made.querySelector('button'), async () => {
      forgive(made);
      try {
        await onsend(values);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        complain(made, problem, words);
      }
    });
  };
  const made = el('form', { novalidate: true, onsubmit }, ...fields, actions(el('button', { class: 'btn' }, send), ...more));
  return made;
}

/** What is wrong with one field of a form, in words for the person. */
export class Problem extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

function forgive(made) {
  made.querySelectorAll('.err, .errsum').forEach((told) => told.remove());
  made.querySelectorAll('.bad').forEach((bad) => bad.classList.remove('bad'));
  for (const input of made.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    describe(input, (ids) => ids.filter((id) => !id.endsWith('-e')));
  }
}

function describe(input, change) {
  const ids = change((input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (ids.length) input.setAttribute('aria-describedby', ids.join(' '));
  else input.removeAttribute('aria-describedby');
}

function complain(made, { field, message }, { summary, prefix }) {
  const input = document.getElementById(field);
  const told = el('span', { class: 'err', id: `${field}-e` }, el('span', { class: 'vh' }, `${prefix} `), message);
  if (input.type === 'checkbox') input.nextElementSibling.append(told);
  else input.before(told);
  input.setAttribute('aria-invalid', 'true');
  describe(input, (ids) => [`${field}-e`, ...ids]);
  input.closest('.field, .check')?.classList.add('bad');
  const link = el('a', { href: `#${field}`, onclick: (event) => (event.preventDefault(), input.focus()) }, message);
  const above = el('div', { class: 'errsum', role: 'alert', tabindex: '-1', 'aria-labelledby': 'hiba' }, el('h2', { id: 'hiba' }, summary), el('ul', {}, el('li', {}, link)));
  made.prepend(above);
  above.focus();
}

const busy = new WeakSet();

/** Does something for a button unless that is being done already. What goes wrong, `unhandledrejection` hears. */
async function once(pressed, work) {
  if (busy.has(pressed)) return;
  busy.add(pressed);
  pressed.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    busy.delete(pressed);
    pressed.removeAttribute('aria-disabled');
  }
}
