/** Packages a function imports with a provider's file and never calls: only reading files needs them. */
const LEFT_OUT = {
  receive: /^(csv-parse\/sync|temporal-polyfill)$/,
};

/** Whatever is asked of one that was left out throws its name: a mistake here is an error and not a wrong answer. */
const emptyOf = (name) =>
  `module.exports = Object.create(new Proxy({}, { get() { throw new Error('${name} is not part of this function'); } }));`;

export const leaveOut = (name) => ({
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    const filter = LEFT_OUT[name];
    if (filter === undefined) return;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({ contents: emptyOf(path), loader: 'js' }));
  },
});
