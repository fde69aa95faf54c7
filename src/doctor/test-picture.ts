/** A square of 32 by 32 pixels, all of them red, as PNG in base64. */
export const redSquare =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAJ0lEQVRIx+3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C7wzdtVAAAAAElFTkSuQmCC';
