# The page of a refusal that is made before any page of ours is asked
misdirected-heading = We have no page at this address
misdirected-advice = Check the address bar of your browser. If a link brought you here, begin again at the service that you want to use.
too-large-heading = Too much data arrived
too-large-advice = Go back and send less. What you saved before is safe.
too-slow-heading = The data arrived too slowly
too-slow-advice = Check your internet connection and send it again. What you saved before is safe.
ours-heading = Something went wrong on our side
ours-advice = You did nothing wrong. Try again in a few minutes. If it happens again, tell the help line the reference.
bad-request-heading = We do not understand this request
bad-request-advice = Go back and try again.
reference-label = Reference:

# The demo's persons, on its index page
person-social-worker = A social worker who has only a password: the one to request Ügyfélkapu+ with.
person-representative = Represents a provider of social services. Has only a password.
person-pensioner = A pensioner. Has only a password.
person-enrolled = A citizen who has Ügyfélkapu+ already; a clerk has seen the app. Paste the key on the phone's page. Can ask for a credential in the phone's wallet too: at Ügyfélkapu, on the page Mobile wallet.
person-company = Represents a company. Has Ügyfélkapu+ already.
person-inactive = Has switched Ügyfélkapu+ off, and can switch it on again.
person-not-activated = A new account. The activation code is on the post's page; this password can be chosen with it.
person-frozen = A frozen account. The command “kapu person unfreeze” opens it; then the post has a code to choose a new password with.
