# Codes and passwords, on every page that asks for them
code-missing = Enter the 6-digit code.
code-length = The code has 6 digits. You entered { $typed }.
code-wrong = This code is wrong or has run out. Wait for the next one and type that.
code-wrong-again = This code is wrong too. Check that your phone's clock is right (Settings, Date and time, Automatic). Then type the next code.
code-used = You have already used this code. Wait for the next one.
name-missing = Enter your user name.
password-missing = Enter your password.
password-wrong = The user name or the password is not right. Check that Caps Lock is off.
password-wrong-few-left = The user name or the password is not right. Tries left before you must wait: { $tries }.
password-after-wrong-codes = You entered several wrong codes. For safety, enter your password again.
password-not-right = The password is not right. Enter the one that you have just signed in with.
confirm-wrong = The password or the code is not right. Enter both again.
name-label = User name
password-label = Password
code-label = 6-digit code
code-hint = Spaces are fine, for example: 123 456
sign-in-button = Sign in
on-button = Continue
finish-button = Finish
enrol-button = Request Ügyfélkapu+
sign-out-button = Sign out
forgotten = I forgot my password

# The line below the header
band-signing-in-label = Which service you are signing in to
band-signing-in = You are signing in to:
band-cancel = Cancel and return to { $the_service }
band-enrolling-label = What you are doing now
band-enrolling = You are requesting:
band-enrolling-then = Set-up, then you continue at:
band-proving = You prove your identity for:
band-not-proving = Cancel
band-later = Finish later
band-signed-in-label = Who is signed in
band-signed-in = Signed in:
band-until = We sign you out at { $time } if you do nothing.

# KAÜ: choosing a method
choose-heading = How do you want to sign in?
choose-lead = Choose one way. After you sign in, we will take you back to { $the_service }.
choose-not-offered = This way cannot be chosen now. Choose another.
choose-upstream-down = { $name } cannot be reached now. Choose another way.
choose-upstream-declined = You did not sign in at { $name }. Try again, or choose another way.
choose-upstream-refused = We could not accept your sign-in from { $name } now. Choose another way.
choose-upstream-unknown = { $name } is not connected with your account yet. To connect it, use it at a service that accepts Ügyfélkapu+ too.
method-password = Ügyfélkapu
method-password-need = User name and password. Works only until the day of the change.
method-app = Ügyfélkapu+ with authenticator app
method-app-need = You need your password and your authenticator app. Half a minute.
method-email = Ügyfélkapu+ with a code by e-mail
method-email-need = Password and a code sent by e-mail.
method-passkey = Passkey or security key
method-passkey-need = Fingerprint, face, PIN or USB key.
method-wallet = With the DÁP mobile app
method-wallet-need = Approve on your phone. No password needed.
method-upstream = Sign-in elsewhere
method-upstream-one = With your sign-in there. It counts as one step.
method-upstream-two = With your sign-in there. It counts as two steps.
method-upstream-three = With your sign-in there. It counts as the strongest sign-in.
method-last = Last used on this computer
method-too-weak = This service asks for a stronger sign-in.
method-not-allowed = This service does not accept it.
method-not-yet = Not available yet.
wallet-heading = Scan with your mobile wallet
wallet-lead = Open the DÁP mobile app, choose QR sign-in, scan the picture and approve the sign-in.
wallet-there-heading = Your wallet is on another device
wallet-picture = QR code for your mobile wallet
wallet-until = Valid until { $time }.
wallet-typed = Cannot scan QR codes? Type this code into your wallet:
wallet-here-heading = Your wallet is on this device
wallet-here-how = After you approve, you come back to this browser.
wallet-here = Open in mobile wallet
wallet-approved = I approved it, continue
wallet-new = Get a new picture
wallet-not-yet = No approval yet. Check your phone.
wallet-scanned = Scanned. Approve it on your phone.
wallet-browser-heading = Your browser can reach your wallet
wallet-browser-how = Your browser passes the request on. It needs neither a picture nor digits.
wallet-browser = Sign in through the browser
wallet-browser-on = Continue through the browser
wallet-browser-failed = The browser got no answer from your wallet. Try again, or scan the picture.
wallet-underway-heading = Approve on your phone
wallet-underway = Your wallet has the request. Once you have approved it, continue. If you approved it on this same device, your wallet brings you back to this browser.
wallet-refused-heading = You refused the sign-in
wallet-refused = You refused the sign-in on your phone. If you did not start it, change your password.
wallet-far-heading = The approval came from another place
wallet-far = The approval came from another country or another network than the one where you started to sign in. For safety we did not sign you in. Connect both devices to the same wifi and get a new picture, or sign in another way.
wallet-failed-heading = This sign-in did not work
wallet-failed = We could not accept your wallet's answer, or you typed wrong digits three times. Get a new picture, or sign in another way.
wallet-lapsed-heading = Get a new picture
wallet-lapsed = This picture has run out. Get a new one.
wallet-offline-summary = No internet on your phone?
wallet-offline = Your phone needs the internet to approve. Turn on wifi or mobile data, or sign in another way.
wallet-digits-heading = Type the four digits that your phone shows
wallet-digits-lead = After you approve the sign-in in your wallet, your phone shows four digits.
wallet-digits-label = Four digits
wallet-digits-hint = Spaces are fine.
wallet-digits-warning = Type only what you see on your own phone. If somebody else tells you the digits, do not type them.
wallet-digits-lost = No digits on your phone? Get a new picture and scan that one.
wallet-digits-missing = Enter the four digits.
wallet-digits-count = Four digits are needed. You entered { $typed }.
wallet-digits-letters = Enter digits only.
wallet-digits-wrong = Your phone shows other digits. Tries left: { $tries }.
wallet-digits-not-shown = Your phone does not show the four digits yet. Open the page that your wallet leads to.
wallet-phone-heading = Type these four digits on the computer
wallet-phone-where = They are for
wallet-phone-when = Begun at
wallet-phone-until = The digits work until
wallet-phone-warning = Perhaps you are not using that other device right now. Then tell nobody these digits and close this page.
wallet-elsewhere-heading = Go back to the browser where you started
wallet-elsewhere = Your wallet opened another browser than the one in which you started to sign in. For safety we did not sign you in here. Go back to that browser and get a new picture there. If your wallet always opens this browser, start the sign-in again here.
wallet-elsewhere-not-you = If you did not start the sign-in, close this page.
wallet-of = { $issuer } (mobile wallet)
wallet-proof-lead = Open the DÁP mobile app, scan the picture, and allow it to show us your credential. You do not sign in anywhere by this.
wallet-proof-refused-heading = You declined the request
wallet-proof-refused = On your phone you did not allow your credential to be shown. If it was not you who asked, change your password.
wallet-proof-failed-heading = You could not prove your identity this way
wallet-proof-failed = We could not accept the answer of your wallet, or the numbers were wrong three times. A credential that was revoked proves nothing. Ask for a new picture, or choose Cancel above.
wallet-proof-offline = To approve, your phone needs the internet. Switch on wifi or mobile data.
wallet-proof-digits-lead = After you approve the request in your wallet, your phone shows four digits.
wallet-purpose = Sign-in to { $service }
wallet-give-purpose = Sharing data with { $service }
wallet-give-lead = Open the DÁP mobile app and scan the picture. There you decide what you share.
wallet-give-back = Back to the data
wallet-give-refused-heading = You shared nothing
wallet-give-refused = You refused the request on your phone. You can sign in without these data.
wallet-give-failed-heading = This did not work
wallet-give-failed = We could not accept your wallet's answer, or you typed wrong digits three times. Get a new picture or go back: you can sign in without these data.
wallet-give-not-theirs-heading = This is not your credential
wallet-give-not-theirs = Your wallet showed a credential that we do not know as yours. We took nothing from it. Get a new picture and show your own credential, or go back.
wallet-give-offline = Your phone needs the internet to approve. Turn on wifi or mobile data, or go back.
wallet-give-digits-lead = After you approve the request in your wallet, your phone shows four digits.
remember-label = Remember on this computer which way I chose
remember-hint = We remember only the way, not your name. Leave empty on a shared computer.
newbie-heading = Have you only used a password until now?
newbie-since = Since { $date } a password alone is not enough. Sign in with it once more and we will guide you through the set-up. It takes about 5 minutes, and then you can continue to { $the_service }.
newbie-button = Sign in with password and set up
newbie-before-heading = A password alone is enough only until { $date }
newbie-before = From that day you need a second step as well. Set it up now; it takes about 5 minutes.
newbie-before-button = Set it up now
why-heading = Why do you see this page?
why = { $the_service } asked us to make sure that it is really you. We do not pass on your password.
shared-heading = Using a shared computer?
shared = When you have finished, sign out and close the browser.

# KAÜ: password and code
password-heading = Enter your user name and password
other-way = Sign in another way
code-follows = After this we ask for the 6-digit code.
code-heading = Enter the 6-digit code
code-lead = Open your authenticator app and find the account named Kapu. The code changes every 30 seconds.
code-refused-summary = The code is not accepted
code-refused = Wait for the next code and type that. If that fails too, turn on automatic date and time on your phone. Then try again.
no-phone-summary = I do not have my phone
no-phone = If you lost it or have a new one, the deletion code removes the link to the old phone. Then you can set up the new one.
no-phone-link = I lost my phone

# KAÜ: one step is missing
missing-heading = One more step
missing-second-step = Since { $date } you need a code as well as your password. We will set it up now, in about 5 minutes.
missing-active = You turned the second step off. Turn it on again to sign in.
missing-level = { $the_service } asks for a sign-in in two steps. Set it up now, in about 5 minutes.
missing-then = After that you can continue from here to { $the_service }.
missing-set-up-button = Start the set-up
missing-activate-button = Activate
missing-later = Later, back to { $the_service }
missing-assurance-heading = You must prove once who you are
missing-assurance = { $the_service } asks for stronger proof that the account is yours.
missing-assurance-ways = You can do this in person at an office. Take your identity document with you.
missing-assurance-wallet = You can also do it with a credential in the wallet on your phone. It must be older than your present authenticator app. Sign in at Ügyfélkapu and choose Confirmation.
missing-somebody-else-heading = We did not connect them
missing-somebody-else = The name or date of birth given elsewhere differs from your account. So we did not connect them.
missing-somebody-else-ways = Sign in another way. If it is your own identity, have your details corrected there first.
missing-same-device-heading = Sign in on your phone
missing-same-device = { $the_service } asks for the highest level of security. Scanning a picture with another device is not enough for that.
missing-same-device-ways = Open { $the_service } on the phone that has your wallet, and sign in with it there.
missing-freshness-heading = Sign in again
missing-freshness = Too much time has passed since you signed in.
frozen-heading = We have locked your account
frozen-wallet = You can unlock it here too, with a credential in your wallet that a clerk stands behind.
frozen-lead = To protect the account, you must first prove who you are.
frozen-ways = Call the help line or visit an office. Take your identity document with you.

# KAÜ: what the service receives
consent-heading = { $the_service } will get these details
consent-heading-optional = { $the_service } may get these details
consent-lead = We pass them on only if you agree. We do not pass on your password.
consent-lead-law = We pass these on because the law requires it. It does not take your consent.
consent-lead-optional = We pass on only what you tick. We do not pass on your password.
consent-purpose = The service asks for them for this:
consent-purpose-at-each = Under each detail the service says what it is for.
consent-purpose-at-some = Under the details the service says what they are for. Where nothing stands, it did not tell us.
consent-purpose-nowhere = The service did not tell us what it needs your details for.
consent-optional = You may also share these
consent-optional-alone = You may share these
consent-optional-hint = You do not have to. We do not pass on what you leave unticked, and do not ask about it again next time.
consent-optional-hint-law = The law does not require these. We do not pass on what you leave unticked, and do not ask about it again next time.
consent-optional-hint-wallet = You do not have to. We do not pass on what you leave unticked.
consent-wallet-heading = Your mobile wallet may give these
consent-wallet-hint = We do not know them. You do not have to: you can sign in without them.
consent-wallet-missing = Your wallet did not give these. You can sign in without them.
consent-wallet-button = Get them from the wallet
consent-wallet-source = from your mobile wallet, issued by { $issuer }
consent-once-wallet = What comes from your mobile wallet we always show before we pass it on. We do not keep it.
consent-button = I agree
consent-refuse-button = Do not share
consent-back-button = Back to the service
consent-once-heading = Will we ask next time?
consent-once = No. Only if { $the_service } asks for more or for other details.
consent-once-anew = Only if { $the_service } asks us to, or asks for more or for other details.
consent-withdraw-heading = If you change your mind
consent-withdraw = You can withdraw your consent at any time on the Ügyfélkapu pages:
consent-withdraw-optional = What you ticked you can withdraw at any time on the Ügyfélkapu pages.
consent-law = So that you know what we pass on about you. Later you can look at it on the Ügyfélkapu pages:

# KAÜ: ends
into-wallet-heading = { $the_wallet } will get your person credential
into-wallet-lead = We issue it only if you allow it. We do not pass on your password.
into-wallet-what = This goes into the wallet
into-wallet-data = These details are on it
into-wallet-number = Random characters by which those who accept the credential know you
into-wallet-button = Allow
into-wallet-refuse-button = Do not allow
into-wallet-not-you-heading = Was it not you who asked?
into-wallet-not-you = Then do not allow it. Whoever has the wallet can sign in as you with the credential.
into-wallet-revoke = You can revoke the credential at any time on the Ügyfélkapu page:
go-on-heading = You are signed in
go-on-lead = We are taking you to { $the_service }. If nothing happens, press the button.
go-back-heading = You did not sign in
go-back-lead = We are taking you back to { $the_service }. If nothing happens, press the button.
nothing-shared-heading = We passed no details on
nothing-shared-lead = You can go back to { $the_service }. You are still signed in at KAÜ, the shared sign-in. On a shared computer, sign out.
go-on-button = Continue to { $the_service }
elsewhere-heading = You sign in elsewhere
link-heading = Connect it with your account?
link-lead = You signed in at { $name }. It is not connected with your account yet.
link-how = Sign in now once with Ügyfélkapu+, with password and code. That connects it, and next time your sign-in there is enough.
link-stated = What they told us about you
link-not-yours = If these are not your details, sign in another way.
link-button = Sign in and connect
link-note = Signing in also connects this with your account: { $name }.
start-heading = Sign-in in front of services
start-lead = This is KAÜ, the sign-in page that services share.
start-how = There is nothing to do here. Start from the page of the service that you want to use. It sends you here, and after the sign-in we take you back.
start-account = The Ügyfélkapu pages
sign-out-heading = Sign out everywhere?
sign-out-lead = We sign you out of the shared sign-in and of these services.
signed-out-heading = You are signed out
signed-out-lead = At the next sign-in we ask for your password and the code again.
signed-out-of = We are telling these as well that you signed out:
signed-out-remaining = Sign out separately from:
signed-out-shared = On a shared computer close the browser too.
sign-in-again = Sign in again

# A sign-out on its way through the browser
round-heading = Signing you out
round-lead = We are now signing you out of { $the_service }. If nothing happens, press the button.
not-signed-out-heading = You were not signed out
round-stuck = If a service does not answer, come back here and press the button.
told-signed-out = You are signed out there.
told-told = We are telling it that you signed out.
told-retried = It has not answered yet. We keep telling it for a day.
told-waits = Its turn comes shortly.
told-silent = It did not answer. Sign out there.
told-failed = It did not work. Sign out there.
told-untellable = We cannot tell it. Sign out there.

# Ügyfélkapu: sign-in
sign-in-heading = Sign in to Ügyfélkapu
sign-in-lead = Here you manage your account and request Ügyfélkapu+.
sign-in-set-up-heading = Sign in with your password
sign-in-set-up-lead = After that we guide you step by step through the set-up of Ügyfélkapu+.
sign-in-new-password = Your new password works. Sign in with it.
lost-link = My phone is lost or new
activate-account-link = I have an activation code
what-is-heading = What is Ügyfélkapu+?
what-is = Sign-in in two steps: your password and a 6-digit code from your phone. Somebody who only knows your password cannot get in.

# Enrolment
step-of = Step { $step } of { $of }
enrol-heading = Request Ügyfélkapu+
enrol-deleted-heading = Set up your new phone
enrol-other-heading = Set up the other device
enrol-since = Since { $date } you need a code as well as your password. You can set it up in about 5 minutes.
enrol-before = From { $date } you will need a code as well as your password. You can set it up in about 5 minutes.
enrol-unfinished = Last time the set-up was not finished. Delete the old Kapu entry in the app and scan the new picture.
enrol-deleted = We removed the link to the old phone. Your account is still there.
enrol-other = The old device works until you finish with the new one. You will get a new deletion code.
enrol-inactive = You already have an app, but it is not active. You can turn it on again:
enrol-steps-heading = These are the steps
enrol-step-app = An authenticator app on the phone
enrol-step-contact = A code to your e-mail address
enrol-step-connect = Connecting the phone with your account
enrol-step-deletion = Writing down the deletion code and finishing
need-heading = What will you need?
need = Your password, a smartphone, paper and a pen.
paper-heading = Prefer to follow it on paper?
paper-link = Print the guide
app-heading = Get an app that gives you codes
app-lead = An authenticator app gives you 6-digit codes on your phone. If you have one, go on.
app-button = I have the app, continue
app-none-heading = I do not have such an app yet
app-none = Download one of these to your phone. Any of them will do.
app-publisher = Publisher: { $publisher }
app-android = For Android
app-iphone = For iPhone
app-fakes = Use only these links. Some adverts in the stores are fake apps. You do not have to pay.
no-smartphone-summary = I have no smartphone
no-smartphone = You have two choices:
no-smartphone-computer = Use an authenticator app on your own computer. Do not use a website that gives codes.
no-smartphone-person = Ask for help in person at an office. Take your identity document with you.
no-smartphone-link = Other choices
assisted-summary = Someone is helping me
assisted = Your helper should not type your password or take the deletion code away. You can follow this guide together:
proof-for-enrolment = requesting Ügyfélkapu+
proof-for-lift = confirming the authenticator app
proof-for-unfreeze = unlocking a locked account
proof-purpose = Ügyfélkapu, { $aim }
prove-back = Back
prove-how = The next page shows a picture. Scan it with your wallet, or open the wallet on this device.
prove-button = Prove it with the DÁP mobile app
prove-without-summary = What do I need?
prove-without = A person credential that we know, in the wallet on your phone. We ask for your name, your date of birth and the number of the credential, and nothing else.
prove-enrolment-heading = Prove your identity with your phone
prove-enrolment = In place of the code by e-mail, the DÁP mobile app can show that the account is yours.
prove-lift-heading = Confirmation
prove-lift-short = Prove once with the wallet on your phone that the authenticator app is yours. After that you can sign in to services that ask for stronger proof.
prove-lift-link = Confirm with the DÁP mobile app
prove-lift = Your authenticator app was set up with the password or with a code from an e-mail. The wallet on your phone can show that it is yours. After that you can sign in to services that ask for stronger proof.
prove-unfreeze-heading = Unlock a locked account
prove-unfreeze = If we locked your account or your authenticator app, you can unlock it with the wallet on your phone. Then you choose a new password and request Ügyfélkapu+ again.
prove-unfreeze-not-me = If it was locked by the link “It was not me”, we revoked your credentials as well. Then customer service can help.
prove-going-heading = Prove your identity
prove-gone-heading = We have received your credential
proved-lasts = What you showed can be used once, within five minutes.
proved-enrolment-heading = You have shown that the account is yours
proved-enrolment = You need no code by e-mail. You can go on with requesting Ügyfélkapu+.
proved-lift-heading = Now only your password and a code
proved-lift = Your wallet has shown who you are. Type your password and the code that the app shows now. So we know that you have the app as well.
proved-lift-button = Confirm
proved-unfreeze-heading = Unlock your account?
proved-unfreeze = Your wallet has shown who you are. If you unlock the account, your present password stops working. We also remove the locked authenticator app and the connected identities.
proved-unfreeze-where = We will send a code for a new password to:
proved-unfreeze-button = Unlock my account
not-proved-again = Try again
not-proved-enrolment = You can still go on with the code by e-mail.
not-proved-person = Call the help line or visit an office. Take your identity document with you.
not-proved-unknown-heading = We do not know this credential yet
not-proved-unknown = The credential in your wallet is connected with no account. We assign it to nobody by name and date of birth.
not-proved-other-heading = This is not your credential
not-proved-other = The wallet showed a credential that does not belong to this account. Nothing has happened. If there are several in your wallet, choose your own.
not-proved-needless-heading = This is not needed now
not-proved-needless = There is nothing about this account for which the credential would be needed. Nothing has happened.
not-proved-weak-heading = This credential is not enough
not-proved-weak = The credential is no surer than what we know of you without it, so it does not count here.
not-proved-own-heading = This credential cannot speak for itself
not-proved-own = You received or connected this credential with the very authenticator app that this is about. What stands on the app cannot vouch for the app. If you have an older credential in the wallet, try that one.
not-proved-over-heading = What you showed can no longer be used
not-proved-over = It was used, it was revoked, or the five minutes are over. Or it was asked for in another browser or for something else. Please begin again.
unfrozen-heading = We have unlocked your account
unfrozen-lead = We have sent the code for your new password. The subject of the letter: Code for a new Ügyfélkapu password.
unfrozen-then = Sign in with the new password, and request Ügyfélkapu+ again.
unfrozen-button = Choose a new password
contact-heading = Show that the account is yours
contact-lead = We will send you a 6-digit code by e-mail. You type it on the next page.
contact-where = We send it to:
contact-button = Send the code
contact-wallet-heading = With your phone instead of a code
contact-wallet = If you have a person credential in the wallet on your phone, you can prove your identity with that too.
contact-wallet-link = Prove it with the DÁP mobile app
contact-too-many = We send at most three codes in an hour. You can ask for a new code after { $until }.
contact-code-heading = Enter the code from the e-mail
contact-sent = We sent the code to:
contact-lasts = The code works for 10 minutes. The subject of the letter is: Code for requesting Ügyfélkapu+.
contact-code-label = The code from the e-mail
contact-code-missing = Enter the code from the e-mail.
contact-code-wrong = This code is wrong or has run out. Look at the latest e-mail.
contact-code-dead = You entered a wrong code five times, so this code no longer works. Ask for a new one.
contact-nothing = Nothing came? Look in the spam folder too.
contact-again = Send a new code
no-mailbox-summary = I cannot open this mailbox
no-mailbox = The e-mail address cannot be changed here. So nobody else can have the code sent to them.
no-mailbox-person = Ask for help in person at an office, or call us.
connect-heading = Connect the app
connect-back = Back to the choice of an app
connect-lead = You do this only once. If you get stuck, you can start again at any time.
connect-new-picture = The last picture ran out, so we made a new one. Delete the old Kapu account in the app and scan this one.
connect-replaces = The app shows this as a new account. Delete the old one from it after you have finished.
connect-open = Open the authenticator app
connect-open-how = Choose to add a new account. This is usually a plus sign.
connect-scan = Scan the picture
connect-scan-how = Point the phone's camera at it from the app.
connect-same-phone = If the app is on this phone, tap the button. If it is on another device, scan the picture.
connect-same-phone-button = Open on this phone
connect-not-printed = For safety the picture and the key are not printed.
connect-picture = QR code for connecting. The same stands as text in the next part: Key for typing by hand.
connect-key = Key for typing by hand
connect-key-how = If you cannot scan the picture, type this into the app. Spaces do not matter.
connect-account = Account
connect-issuer = Issuer
connect-kind = Type
connect-kind-is = time based, 6 digits
connect-same-computer = The app is on this computer: open it here
connect-confirm = Confirm
connect-confirm-how = Type the code last, because it changes every 30 seconds.
connect-password-hint = The one that you have just signed in with.
connect-password-fine = Your password is fine, no need to type it again.
connect-code-label = 6-digit code from the app
connect-other-picture = This code does not belong to this picture. If the app has several accounts, look at the one named Kapu.
connect-clock-slow = Your phone's clock is about { $minutes } minutes slow. Turn on automatic date and time, wait for the new code and type that.
connect-clock-fast = Your phone's clock is about { $minutes } minutes fast. Turn on automatic date and time, wait for the new code and type that.
connect-aside-heading = Do not show this page to anyone
connect-aside = Whoever takes a photo of the picture gets the same codes as you.
deletion-heading = Write down your deletion code
deletion-lead = After you finish you will not see it again. Write it on paper, print it or save it.
deletion-code = Deletion code
deletion-what = If you lose or replace your phone, this code removes the link to it. Then you can set up a new phone.
deletion-account-stays = Your account is not deleted by it.
deletion-print = Print
deletion-download = Download as a text file
deletion-not-printed = The deletion code is not printed from here. Use the Print button on the page.
deletion-shared = On a shared computer do not download it; write it on paper.
deletion-saved = I have saved the deletion code
deletion-saved-hint = I wrote it down, printed it or saved it.
deletion-not-ticked = Tick the box once you have written down or saved the deletion code.
deletion-where-heading = Where to keep it?
deletion-where = At home, not beside your phone. Do not give it to anyone.

# Aktiválás és inaktiválás
status-heading = Activate and deactivate
status-enrolled-heading = Done, Ügyfélkapu+ is active
status-enrolled = From now on you sign in with your password and the code on your phone. We also sent you a letter about it.
status-activated = Ügyfélkapu+ is active again. We also sent you a letter about it.
status-inactivated = Ügyfélkapu+ is no longer active. We also sent you a letter about it.
status-lead = Here you see whether your Ügyfélkapu+ is active.
status-active = Active
status-held = On hold until { $until }
status-held-heading = Done, but Ügyfélkapu+ does not count yet
status-held-lead = We wait three days, so that you can object if somebody else requested it. We also sent you a letter about it.
status-inactive = Not active
status-none = Not requested yet
status-since = Since
status-app = In the app
status-look = If you want to change something, sign in with your password and the code.
status-look-link = Sign in
inactivate-heading = Deactivate
inactivate-since = Since { $date } a password alone does not let you in. If you deactivate it, you can only turn it on again or request it anew.
inactivate-before = If you deactivate it, your password alone will be enough. This ends on { $date }.
inactivate-button = Deactivate
activate-heading = Activate
activate-how = Enter your password and the code that you see in the app.
activate-button = Activate
activate-or-enrol = If you no longer have the app, request it anew.
other-device-heading = A new phone?
other-device-short = While the old one still works, set up the new one with it.
other-device-link = Set up on another device

# What cannot be done
fault-reference = If you call, give this reference:
fault-unknown-service = We do not know this service
fault-unknown-service-advice = You did nothing wrong. Start again from the page of the service that you want to use.
fault-request = A faulty request came
fault-request-advice = { $the_service } sent a faulty request. You did nothing wrong. Start again from its page.
fault-transaction = This sign-in cannot go on
fault-transaction-advice = It ran out, or you finished it in another window. Start again from the service's page.
fault-session = Your time ran out
fault-session-advice = Nothing happened for { $minutes } minutes, so we signed you out for safety. Your settings are kept.
fault-gone = This page cannot be seen any more
fault-gone-advice = For safety we do not show the picture, the key and the deletion code again.
fault-overtaken = You continued in another window
fault-overtaken-advice = The valid picture is there; this window can be closed. If you cannot find it, start again.
fault-form = We could not continue
fault-form-advice = Allow cookies in the browser and start again.
fault-enrolment-only = This needs both steps
fault-enrolment-only-advice = With the password alone you can only request Ügyfélkapu+ now.
fault-proof = Enter your password and the code again
fault-proof-advice = You proved who you are too long ago for this change. Sign in again.
fault-not-found = We cannot find this page
fault-not-found-advice = Check the address, or start from the service's page.
fault-method = This does not work like this
fault-method-advice = Go back to the page before and use the button there.
fault-too-large = Too much data came
fault-too-large-advice = Go back and type a shorter text.
fault-misdirected = We have no page at this address
fault-misdirected-advice = Check the address bar of the browser.
fault-tries = Too many wrong tries
fault-tries-advice = Wait until { $until }. Nothing is lost; continue from here afterwards.
fault-tries-not-you = If it was not you, change your password.
fault-busy = Many people are here now
fault-busy-advice = Try again in a minute. Your data are not lost.
fault-internal = The fault is ours
fault-internal-advice = Try again in a few minutes.
fault-unavailable = Not available now
fault-unavailable-advice = We are working on it. Try again in a few minutes.
fault-link = This link no longer works
fault-link-advice = It was used or has run out. If you need help, call us.

# Added to the code fields
code-not-digits = Type digits only. Spaces and dashes may stand between them.

# Held
missing-held-heading = The second step does not count yet
missing-held = You can sign in with it from { $until }.
missing-held-not-you = If you did not ask for it, follow the link “It was not me” in the letter about it.

# The deletion code on paper
sheet-heading = Deletion code for Ügyfélkapu+
sheet-back = Back to the deletion code
sheet-how = Print this page with your browser's Print command.
sheet-date = Date
sheet-address = Use it here
sheet-file =
    Deletion code for Ügyfélkapu+

    User name: { $user_name }
    Deletion code: { $code }
    Date: { $date }

    If you lose or replace your phone, use it here:
    { $address }

    Your account is not deleted by it. Do not keep this file on your phone, and give it to nobody.

# Ügyfélkapu: the account
home-heading = The account of { $name }
home-password-changed = Your password is changed. We signed you out everywhere else.
home-more = What else you can do here
home-own-data = See what we keep about you.
home-services = See which service gets what about you, and withdraw it.
home-linked = See which of your identities elsewhere can sign you in, and remove them.
home-password = Change it if somebody else may know it.
everywhere-section = Services
everywhere-lead = We sign you out of every service that you entered by the shared sign-in. Here you stay signed in.
everywhere-button = Sign out of all services
everywhere-heading = You are signed out of the services
everywhere-done = The shared sign-in has ended on every computer.
everywhere-none = You were not signed in to any service.
everywhere-here = You are still signed in to Ügyfélkapu.
everywhere-back = Back to the account
back-home = Back to the account
services-heading = What services receive
services-lead = These services get your details when you sign in to them.
services-none = The services that get your details will be listed here. There are none now.
services-law = It gets them because the law requires it, so this cannot be withdrawn.
services-law-partly = What it gets because the law requires it cannot be withdrawn. You can decide again about the rest: withdraw, and we ask you at the next sign-in.
services-changed = The reason why it gets them has changed. We show you before it gets them again.
services-last = Last time
services-chosen = You allowed
services-withheld = Does not get
services-from-wallet = You gave it once from your mobile wallet, we do not keep it
services-identifier = Services that get no more than an identifier are not listed here.
services-withdraw-button = Withdraw
services-withdrawn = You withdrew your consent. At the next sign-in we ask again what { $the_service } may get.
services-withdraw-what = If you withdraw it, we ask again at the next sign-in. What the service got so far, it keeps.
linked-heading = Connected identities
linked-lead = You can also sign in to services with these identities.
linked-none = Your identities elsewhere that can sign you in will be listed here. There are none now.
linked-remove = Remove the connection
unlink-heading = Remove the connection?
unlink-lead = You will no longer be able to sign in with this: { $name }. We will sign you out everywhere else.
credential-heading = Mobile wallet
credential-lead = Your person credential lives in your phone's wallet. You can sign in with it, and prove who you are elsewhere. If you revoke it, you are signed out of services too.
credential-none = The credentials in your wallet will be listed here. There are none now.
credential-sd-jwt = Person credential (SD-JWT)
credential-mdoc = Person credential (mdoc)
credential-valid = Valid
credential-expired = Expired
credential-revoked = Revoked: { $at }
credential-issued = Issued
credential-expires = Good until
credential-revoke = Revoke
credential-new = A new credential
credential-new-how = Enter your password and the code. The wallet asks for another code, which we send by e-mail.
credential-ask = Ask for a credential
credential-no-second-factor = You need Ügyfélkapu+ for this.
credential-on-hold = We accept the app's codes after { $until }. Then you can ask for a credential here.
credential-not-assured = We cannot issue a credential now. You connected your app by a password or a mailed code, which is not enough.
credential-not-assured-how = Go to a customer service office with your phone. Prove there who you are, then ask here.
credential-offer-heading = Take your credential
credential-offer-lead = You can take it until { $until }. We show this page only once.
credential-offer-scan = Scan it with the wallet
credential-offer-scan-how = Open the wallet on your phone and scan the picture.
credential-offer-picture = QR code for taking the credential
credential-offer-text = The picture as text
credential-offer-text-how = If you cannot scan it, copy this into the wallet.
credential-offer-open = Open on this device
credential-offer-code = Enter the code
credential-offer-code-how = The wallet asks for a 6-digit code. We sent it to { $address }
credential-offer-check = See whether it has come
credential-offer-check-how = A credential that you took is listed on the page Mobile wallet.
home-wallet = Ask for a credential in your phone's wallet, and revoke it.
issuer-heading = The issuer of the person credential
issuer-lead = Your phone's wallet talks to this site. You ask for a credential at Ügyfélkapu.
issuer-name = Kapu (sample system)
issuer-credential = Person credential
own-data-heading = Own data
own-data-lead = This is what we keep about you.
own-data-wrong = If something is wrong, ask for a correction in person at an office.
data-name = Name
data-family-name = Family name
data-given-name = Given name
data-identifier = Identifier
country-hungary = Hungary
data-identifier-same = Random characters that are the same at other services: they can compare what they know of you
data-identifier-is = Random characters by which the service knows you next time
data-birth-name = Name at birth
data-birth-place = Place of birth
data-birth-date = Date of birth
data-mothers-name = Mother's name
data-nationalities = Nationality
data-email = E-mail address
data-address = Address
data-phone-number = Phone number
data-gender = Sex
data-gender-male = male
data-gender-female = female
data-gender-other = other
data-age-over-18 = Is 18 or older
data-yes = yes
data-no = no
change-password-heading = Change password
change-password-lead = With the new password you must sign in again on your other devices.
change-password-button = Change the password
old-password-label = Old password
old-password-missing = Enter your old password.
old-password-wrong = The old password is not right.
new-password-label = New password
new-password-hint = At least { $least } characters. Several words in a row work well.
new-password-again-label = New password again
new-password-missing = Enter the new password.
new-password-short = The new password is too short. It needs at least { $least } characters.
new-password-long = The new password is too long. It may have at most { $most } characters.
new-password-control = The new password has a character that cannot be typed on a keyboard.
new-password-user-name = The new password must not contain your user name.
new-password-service-word = The new password must not contain the word “kapu” or “password”.
new-password-predictable = The new password is easy to guess. Choose less common words.
new-password-again-missing = Enter the new password once more.
new-password-differ = The two new passwords differ. Enter both again.
good-password-heading = What is a good password?
good-password = It is long, and you use it nowhere else. For example three or four words that do not belong together.
activate-account-heading = Activate your account
activate-account-lead = You need the activation code from the e-mail. The code works for five days.
activate-account-button = Activate the account
activation-code-label = Activation code
activation-code-hint = Ten letters and digits from the letter. The dash does not matter.
activation-code-missing = Enter the activation code.
activation-code-length = The activation code has 10 characters. You entered { $typed }.
activation-code-character = No activation code has this character. Check it in the letter.
activation-code-wrong = The user name or the code is wrong, or the code has run out. Look at the latest e-mail.

# Another device and a lost phone
other-device-lead = The code of the old device shows that the account is yours. Then we set up the new one.
other-device-code = 6-digit code from the old device
other-device-lost = I do not have the old device
lost-heading = Is your phone lost or new?
lost-lead = With the deletion code you can remove the link to the old phone. Your account stays.
lost-code-hint = Twenty digits from your paper; spaces are fine.
lost-code-missing = Enter the deletion code.
lost-code-length = The deletion code has 20 digits. You entered { $typed }.
lost-code-group = There is a typing mistake in group { $number }. Check it on your paper.
lost-wrong = The user name, the password or the deletion code is not right. Check that you typed the latest deletion code.
lost-button = Continue to the new set-up
lost-have-phone-summary = I still have the old phone
lost-have-phone = Then you can set up the new one with a code from the old phone.
lost-no-code-summary = I do not have the deletion code
lost-no-code = Call the help line or visit an office. Take your identity document with you.
lost-then-heading = What happens then?
lost-then = The old phone's codes stop working at once, and we sign you out everywhere. A new set-up and a new deletion code follow.
not-me-heading = Was it not you?
not-me-lead = If you did not ask for the change in the letter, we lock the account at once.
not-me-removes = We remove the authenticator app.
not-me-ends = We sign you out everywhere.
not-me-locks = Nobody can sign in until you prove in person who you are.
not-me-you = If it was you after all, close this page. Then nothing changes.
not-me-button = It was not me, lock the account
not-me-done-heading = We have locked your account
not-me-done = We signed everybody out and removed the link to the authenticator app.

# Help for everybody
help-heading = Help
help-lead = Here are answers to the most common questions.
help-set-up-heading = How do I set up Ügyfélkapu+?
help-set-up = Sign in to Ügyfélkapu with your password and follow the steps. You can follow them on paper too; the guide can be printed.
help-phone-heading = My phone is lost or new
help-password = A forgotten password cannot be replaced here. Call the help line or visit an office.
help-assisted = Your helper should not type your password or take the deletion code away. Tell your code to nobody.
help-fraud-heading = Somebody asks for my code
help-fraud = Do not give it. We never ask for your password, the 6-digit code or the deletion code by phone or letter.
accessibility-heading = Accessibility
accessibility-lead = We want everybody to be able to sign in without help.
accessibility-works-heading = What works
accessibility-keyboard = Every page can be used with a keyboard alone.
accessibility-scripts = No page needs scripts.
accessibility-zoom = Text can be enlarged four times without sideways scrolling.
accessibility-colours = There is a light and a dark look, and the colours have strong contrast.
accessibility-time = We write beforehand when time runs out, and a step can be started again.
accessibility-gaps-heading = What we have not tried yet
accessibility-gaps = The pages are checked by machine, but not yet by people who use a screen reader.
accessibility-tell-heading = Tell us if you get stuck
accessibility-tell = If something does not work for you, call us. We will find you another way.
privacy-heading = Privacy
privacy-lead = Kapu is a sample system: it holds data of made-up persons only.
privacy-kept-heading = What do we keep?
privacy-kept = Your name, name at birth, place and date of birth, and your mother's name. Also your nationality, e-mail address and user name.
privacy-given-heading = Who gets it?
privacy-given = The service that you sign in to, and only what you agreed to or the law requires. As a rule, each service gets another identifier for you.
privacy-cookies-heading = Which cookies do we use?
privacy-cookies = Only those that the sign-in needs. We remember the way that you chose only if you ask for it.
privacy-secrets-heading = How do we keep your secrets?
privacy-secrets = We do not know your password or deletion code, only their fingerprints. Neither is ever in a log.
privacy-rights-heading = What can you ask for?
privacy-rights = After signing in you see your data on the page Own data. You can ask for corrections in person. You can withdraw your consent on the page What services receive.
guide-heading = Two-step sign-in – guide
guide-lead = You set it up once, in about ten minutes. Tick what you have done.
guide-how = Print this page with your browser's Print command.
guide-before-heading = What you need
guide-before-password = Your user name and password
guide-before-phone = A smartphone and a computer
guide-before-mail = Access to your e-mails
guide-before-pen = A pen
guide-set-up-heading = Requesting Ügyfélkapu+
guide-step-app = Download an authenticator app to your phone: Google Authenticator, Microsoft Authenticator, Aegis or 2FAS. You do not have to pay.
guide-step-open = On the computer, open:
guide-step-sign-in = Sign in with your password. Press the button Sign in.
guide-step-request = Press the button “Request Ügyfélkapu+”.
guide-step-mail = Enter the 6-digit code from the e-mail.
guide-step-scan = Open the app on the phone, press the + sign and scan the picture.
guide-step-code = Enter your password, then the six digits from the phone. The code changes every 30 seconds. Press the button Continue.
guide-step-deletion = Write the deletion code here:
guide-blanks = Space for the four groups of the deletion code
guide-step-finish = Tick that you have saved the deletion code. Press the button Finish.
guide-step-check = The page “Activate and deactivate” says: Active.
guide-daily-heading = Signing in every day
guide-daily-choose = Choose the way “Ügyfélkapu+ with authenticator app”.
guide-daily-password = Enter your user name and password. Press the button Sign in.
guide-daily-code = Open the app on the phone and enter the six digits. Press the button Sign in again.
guide-fails-heading = If it fails
guide-fails-wait = Wait for a new code and type that.
guide-fails-clock = Turn on automatic date and time on the phone.
guide-fails-call = Call us on weekdays between 8 and 18: { $phone }
guide-lost-heading = If your phone is lost or replaced
guide-lost = Remove the old link with the deletion code, and set up the new phone here:
guide-care-heading = Take care
guide-care-code = Keep the deletion code at home, not beside your phone.
guide-care-person = Tell your password and the code to nobody, not by phone either.
guide-care-picture = Do not take a photo of the picture that you scan, and show it to nobody.

# Letters
mail-foot =
    We never ask for your code or your password by letter or by phone.
    Kapu – a sample system, not a letter from any state.
mail-phone = If you need help, call on weekdays between 8 and 18: { $phone }
mail-contact-subject = Code for requesting Ügyfélkapu+
mail-contact =
    Dear customer,

    This is the 6-digit code that you asked for to request Ügyfélkapu+:

    { $code }

    The code works for 10 minutes. Use it only in the browser window where you asked for it.

    If it was not you, somebody knows your password. Change it.
mail-activation-subject = Activation code for your Ügyfélkapu account
mail-activation =
    Dear customer,

    Your Ügyfélkapu account is ready. Your user name:

    { $user_name }

    Your activation code, which works for five days:

    { $code }

    Enter it here and choose a password:

    { $address }
mail-new-password-subject = Code for a new Ügyfélkapu password
mail-new-password =
    Dear customer,

    Your Ügyfélkapu account is not locked, but it needs a new password. An earlier password no longer works, since somebody else may know it. Your user name:

    { $user_name }

    Your activation code, which works for five days:

    { $code }

    Enter it here and choose a new password:

    { $address }

    Then request Ügyfélkapu+ again. Choose a password that you use nowhere else.
mail-notice =
    Dear customer,

    { $what }

    When: { $at }

    If it was you, there is nothing to do.
mail-not-me =
    If it was not you, lock the account at this address. The link works for 30 days:

    { $link }
mail-enrolled-subject = Ügyfélkapu+ is active
mail-enrolled = An authenticator app was connected with your account. Ügyfélkapu+ is active from now on.
mail-on-hold-subject = Ügyfélkapu+ was requested for your account
mail-on-hold = An authenticator app was connected with your account. Its codes are accepted after three days.
mail-other-device-subject = Ügyfélkapu+ was set up on another device
mail-other-device = A new device was connected with your account. The old device's codes no longer work, and there is a new deletion code.
mail-inactivated-subject = Ügyfélkapu+ was deactivated
mail-inactivated = Ügyfélkapu+ was turned off in your account.
mail-activated-subject = Ügyfélkapu+ is active again
mail-activated = Ügyfélkapu+ was turned on again in your account.
mail-deletion-used-subject = Your deletion code was used
mail-deletion-used = The link to your phone was removed with your deletion code. The old app no longer gives valid codes.
mail-deletion-tried-subject = A wrong deletion code was entered five times
mail-deletion-tried = With the right password, a wrong deletion code was entered five times. The deletion code cannot be used for 24 hours; signing in can.
mail-codes-subject = We locked your authenticator app
mail-codes = Too many wrong 6-digit codes were entered with the right password. So we no longer accept the app's codes.
mail-password-subject = Your password was changed
mail-password = The password of your account was changed. We signed you out everywhere else.
mail-account-activated-subject = Your account was activated
mail-account-activated = Your Ügyfélkapu account was activated and given a password.
mail-linked-subject = An identity was connected with your account
mail-linked = An identity from elsewhere was connected with your account. From now on it can sign you in too.
mail-unlinked-subject = A connection was removed
mail-unlinked = An identity that was connected with your account was removed. It can no longer sign you in.
mail-wallet-code-subject = Code for taking your credential
mail-wallet-code =
    Dear customer,

    Your wallet asks for this 6-digit code:

    { $code }

    The code works for 10 minutes. Enter it only on your own phone.

    If it was not you, somebody has your password and your app's code. Call us.
mail-credential-issued-subject = A credential was issued to a wallet
mail-credential-issued = A person credential in your name was issued to a phone's wallet.
mail-credential-revoked-subject = A credential was revoked
mail-credential-revoked = A credential in your wallet was revoked. It can no longer sign you in.
mail-identified-subject = A clerk confirmed your app
mail-identified = A clerk confirmed that the app connected with your account is yours.
mail-lifted-subject = Your authenticator app was confirmed
mail-lifted = A mobile wallet proved that the authenticator app is yours. From now on you can sign in with it to services that ask for stronger proof.
mail-opened-subject = Your account was unlocked
mail-opened = Your locked account was unlocked with a mobile wallet. Your old password no longer works. We sent a code for a new one in a separate letter.
mail-frozen-subject = We locked your account
mail-frozen = Your account was locked by the link “It was not me”. Call us, or prove in person who you are.

# Which part of the site a page is of.
part-kau = KAÜ
part-ugyfelkapu = Ügyfélkapu
part-dap = DÁP

# Where somebody goes on who was refused.
start-page = Back to the start

# SAML: a request that is over, and what the metadata says
fault-request-over = This request was answered before
fault-request-over-advice = This sign-in request can no longer be used: it was answered, or it is too old. Start again where you came from: { $service }.
saml-name = Central sign-in (KAÜ)
saml-description = One place to sign in to every connected service
saml-organization = Kapu
