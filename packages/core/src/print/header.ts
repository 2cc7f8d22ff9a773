/** How the first line of a file that we made begins, behind the comment mark. */
export const headerStart = 'Made by erlmcp from '
