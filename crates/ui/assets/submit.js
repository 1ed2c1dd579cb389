// Presses the one button of a page that only leads on. Without scripts a person presses it.
document.getElementById("tovabb").submit();
