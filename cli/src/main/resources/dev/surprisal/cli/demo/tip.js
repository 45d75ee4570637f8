// Moves the note of a word sideways where it would leave the window.
for (const word of document.querySelectorAll('.word')) {
  const place = () => {
    const tip = word.querySelector('.tip');
    tip.style.setProperty('--shift', '0px');
    const box = tip.getBoundingClientRect();
    const shift = Math.max(0, 8 - box.left) + Math.min(0, innerWidth - 8 - box.right);
    tip.style.setProperty('--shift', `${shift}px`);
  };
  word.addEventListener('mouseenter', place);
  word.addEventListener('focus', place);
}
