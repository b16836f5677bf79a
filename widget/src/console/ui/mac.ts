// Which keyboard is in use: ⌘ stands where others have Ctrl.

export const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
