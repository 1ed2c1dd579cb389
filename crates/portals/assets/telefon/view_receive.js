// Receiving a card: what is offered by whom, the second code, the card.

import { Problem, actions, button, facts, field, form, paragraph } from './dom.js';
import { fetchMetadata, fetchOffer, redeem } from './openid4vci.js';
import { faultText } from './words.js';
import { nameOf } from './view_home.js';
import { open } from './sd_jwt.js';

/** Shows an offer. */
export async function offered(app, found) {
  const { say } = app;
  const offer = await fetchOffer(app.net, found);
  const metadata = await fetchMetadata(app.net, offer);
  const name = nameOf(app, { display: metadata.display, vct: metadata.configuration.vct ?? '' });
  const rows = [
    [say('wallet_card'), name],
    [say('wallet_issuer'), app.words.of(metadata.display.issuer) ?? ''],
    [say('wallet_issuer_place'), new URL(offer.issuer).host],
  ];
  const decline = button(say('wallet_offer_decline'), () => app.go('home', undefined, say('wallet_offer_declined')), { second: true });
  const { second } = offer;
  const take = (secondCode) => receive(app, offer, metadata, secondCode);
  app.show(say('wallet_offer_heading'), [
    paragraph(say('wallet_offer_lead'), 'lead'),
    facts(rows.filter(([, value]) => value)),
    second
      ? form({
          words: app.formWords,
          fields: [field({ id: 'masodik-kod', label: say('wallet_second_code'), hint: second.description ?? say('wallet_second_code_hint'), mode: second.isNumeric ? 'numeric' : undefined, complete: 'one-time-code', digits: second.isNumeric })],
          send: say('wallet_offer_take'),
          more: [decline],
          onsend: async ({ 'masodik-kod': typed }) => {
            if (!typed) throw new Problem('masodik-kod', say('wallet_second_code_empty'));
            try {
              await take(typed);
            } catch (fault) {
              app.tell('');
              if (fault?.code !== 'second_code') throw fault;
              throw new Problem('masodik-kod', say(faultText(fault)));
            }
          },
        })
      : actions(button(say('wallet_offer_take'), () => take(undefined)), decline),
  ]);
}

async function receive(app, offer, metadata, secondCode) {
  const { say } = app;
  app.tell(say('wallet_wait'));
  const got = await redeem(app.net, offer, metadata, { anchors: app.issuers, now: () => app.now(), clientId: app.clientId, secondCode });
  const { claims } = await open(got.text);
  const card = { text: got.text, vct: claims.vct, expiresAt: claims.exp, display: metadata.display, issuedBy: got.issuedBy };
  let id;
  try {
    id = await app.vault.keep(card, got.key.privateKey);
  } catch (fault) {
    await got.notify('credential_failure');
    throw fault;
  }
  await app.vault.note({ kind: 'received', card: nameOf(app, card), who: got.issuedBy });
  await got.notify('credential_accepted');
  await app.go('card', id, say('wallet_received'));
}
