/**
 * Variables that name the file of the initial password, and the server that reads it. A server whose
 * volume has data does not read it again.
 */
export const passwordVariables: ReadonlyMap<string, string> = new Map([
  ['POSTGRES_PASSWORD_FILE', 'PostgreSQL'],
  ['MYSQL_ROOT_PASSWORD_FILE', 'MySQL'],
  ['MYSQL_PASSWORD_FILE', 'MySQL'],
  ['MARIADB_ROOT_PASSWORD_FILE', 'MariaDB'],
  ['MARIADB_PASSWORD_FILE', 'MariaDB'],
  ['MONGO_INITDB_ROOT_PASSWORD_FILE', 'MongoDB'],
  ['DOCKER_INFLUXDB_INIT_PASSWORD_FILE', 'InfluxDB'],
  ['DOCKER_INFLUXDB_INIT_ADMIN_TOKEN_FILE', 'InfluxDB'],
  ['GF_SECURITY_ADMIN_PASSWORD__FILE', 'Grafana'],
  ['NEO4J_AUTH_FILE', 'Neo4j'],
])
