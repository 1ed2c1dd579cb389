// Setting the PIN, opening with it, and starting anew without it.

import { PIN_DIGITS, PIN_TRIES } from './limits.js';
import { Problem, actions, button, field, form, paragraph } from './dom.js';
import { Fault } from './fault.js';
import { faultText } from './words.js';

const digits = (id, label, hint, complete) => field({ id, label, hint, type: 'password', mode: 'numeric', complete, digits: true });

/** The faults of a PIN are told at its field. */
async function atField(app, work) {
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof Fault) || !fault.code.startsWith('pin_')) throw fault;
    throw new Problem('pin', app.say(faultText(fault), { tries: PIN_TRIES }));
  }
}

/** The first page there is. */
export function set(app, told) {
  const { say } = app;
  const hint = say('wallet_pin_hint', { digits: PIN_DIGITS });
  app.show(
    say('wallet_set_heading'),
    [
      paragraph(say('wallet_set_lead'), 'lead'),
      form({
        words: app.formWords,
        fields: [digits('pin', say('wallet_pin'), hint, 'new-password'), digits('pin-ujra', say('wallet_pin_again'), undefined, 'new-password')],
        send: say('wallet_set'),
        onsend: async ({ pin, 'pin-ujra': again }) => {
          if (pin !== again && pin) throw new Problem('pin-ujra', say('wallet_fault_pin_differs'));
          app.tell(say('wallet_wait'));
          await atField(app, () => app.vault.create(pin)).finally(() => app.tell(''));
          await app.opened(say('wallet_pin_is_set'));
        },
      }),
    ],
    told,
  );
}

/** The first page of every later visit. */
export function open(app) {
  const { say } = app;
  app.show(say('wallet_open_heading'), [
    paragraph(say('wallet_open_lead'), 'lead'),
    form({
      words: app.formWords,
      fields: [digits('pin', say('wallet_pin'), undefined, 'current-password')],
      send: say('wallet_open'),
      more: [button(say('wallet_forgot'), () => forgot(app), { second: true })],
      onsend: async ({ pin }) => {
        app.tell(say('wallet_wait'));
        try {
          await atField(app, () => app.vault.open(pin));
        } catch (problem) {
          if (await app.vault.isSet()) throw problem;
          return set(app, problem.message);
        } finally {
          app.tell('');
        }
        await app.opened();
      },
    }),
  ]);
}

/** Nobody can find a PIN out: who forgot it begins anew. */
function forgot(app) {
  const { say } = app;
  app.show(say('wallet_forgot_heading'), [
    paragraph(say('wallet_forgot_lead'), 'lead'),
    actions(
      button(say('wallet_empty'), async () => {
        await app.vault.empty();
        set(app, say('wallet_emptied'));
      }),
      button(say('wallet_back'), () => open(app), { second: true }),
    ),
  ]);
}
