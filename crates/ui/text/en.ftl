# The layout
skip = Skip to the content
other-language = Magyar
other-language-tag = hu
error-prefix = Error:
error-summary = Please correct this
asides = Good to know
stuck = Stuck?
stuck-when = Call us on weekdays between 8 and 18. We never ask for your code or your password.
stuck-help = Help and guide
help = Help
guide = Printable guide
accessibility = Accessibility
privacy = Privacy
footer-links = Links in the footer
not-a-state-site = Kapu is a sample system, not a website of any state. Every person and service in it is made up.
