/** The application's name to the systems: Windows shows notices only of an application that says the name its installer registered. */

/** The same as in the packages. */
export const applicationId = 'org.operator-console.desktop';
