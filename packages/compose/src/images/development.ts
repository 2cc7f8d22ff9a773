import { asRoot, type ImageFacts, masterOfWorkers, stepDown } from './facts.ts'

/** Tools of developers, and what runs once. */
export const development: readonly ImageFacts[] = [
  {
    title: 'SonarQube',
    repositories: ['sonarqube'],
    // https://github.com/SonarSource/docker-sonarqube/blob/master/community-build/Dockerfile
    user: '1000:0',
    executesTmp: true,
    memory: '4G',
    ports: [9000],
  },
  {
    title: 'Jenkins',
    repositories: ['jenkins/jenkins'],
    // https://github.com/jenkinsci/docker/blob/master/debian/trixie/hotspot/Dockerfile
    user: '1000:1000',
    executesTmp: true,
    memory: '2G',
    data: '/var/jenkins_home',
    ports: [8080, 50000],
  },
  {
    title: 'Nexus Repository',
    repositories: ['sonatype/nexus3'],
    // https://github.com/sonatype/docker-nexus3/blob/main/Dockerfile
    user: '200:200',
    writesRoot: 'it unpacks itself below /opt/sonatype',
    executesTmp: true,
    memory: '4G',
    data: '/nexus-data',
    ports: [8081],
  },
  {
    title: 'Distribution registry',
    repositories: ['registry', 'distribution/distribution'],
    // https://github.com/distribution/distribution-library-image/blob/master/Dockerfile
    capabilities: asRoot,
    ports: [5000],
  },
  {
    title: 'Gitea',
    repositories: ['gitea/gitea'],
    // https://github.com/go-gitea/gitea/blob/main/docker/root/usr/bin/entrypoint
    stepsDownTo: '1000:1000',
    capabilities: [...masterOfWorkers, 'SYS_CHROOT'],
    writesRoot: 'its entrypoint edits /etc/passwd, and OpenSSH keeps keys there',
    data: '/data',
    ports: [3000, 22],
    isProcessOne: true,
    variants: [
      {
        tag: /rootless/,
        facts: {
          user: '1000:1000',
          writesRoot: undefined,
          isProcessOne: undefined,
          data: '/var/lib/gitea',
          ports: [3000, 2222],
        },
      },
    ],
  },
  {
    title: 'Forgejo',
    repositories: ['forgejo/forgejo'],
    // https://codeberg.org/forgejo/forgejo/src/branch/forgejo/Dockerfile
    stepsDownTo: '1000:1000',
    capabilities: [...masterOfWorkers, 'SYS_CHROOT'],
    writesRoot: 'its entrypoint edits /etc/passwd, and OpenSSH keeps keys there',
    data: '/data',
    ports: [3000, 22],
    isProcessOne: true,
  },
  {
    title: 'GitLab',
    repositories: ['gitlab/gitlab-ce', 'gitlab/gitlab-ee'],
    // https://gitlab.com/gitlab-org/omnibus-gitlab/-/blob/master/docker/Dockerfile
    capabilities: [...masterOfWorkers, 'AUDIT_WRITE', 'FSETID', 'SETPCAP', 'SYS_CHROOT'],
    writesRoot: 'it configures itself below /opt/gitlab and /etc',
    memory: '8G',
    data: '/var/opt/gitlab',
    ports: [80, 443, 22],
    hasHealthcheck: true,
  },
  {
    title: 'MailHog',
    repositories: ['mailhog/mailhog'],
    // https://github.com/mailhog/MailHog/blob/master/Dockerfile
    user: '1000:1000',
    ports: [1025, 8025],
  },
  {
    title: 'Mailpit',
    repositories: ['axllent/mailpit'],
    // https://github.com/axllent/mailpit/blob/develop/Dockerfile
    capabilities: asRoot,
    ports: [1025, 8025],
    hasHealthcheck: true,
  },
  {
    title: 'LocalStack',
    repositories: ['localstack/localstack', 'localstack/localstack-pro'],
    // https://github.com/localstack/localstack/blob/main/Dockerfile
    capabilities: stepDown,
    writesRoot: 'it installs services below /usr/lib/localstack and writes /var/lib/localstack',
    executesTmp: true,
    memory: '2G',
    ports: [4566],
    hasHealthcheck: true,
  },
  {
    title: 'DynamoDB local',
    repositories: ['amazon/dynamodb-local'],
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.DownloadingAndRunning.html
    user: '1000:1000',
    executesTmp: true,
    ports: [8000],
  },
  {
    title: 'Docker engine',
    repositories: ['docker'],
    // https://github.com/docker-library/docker/blob/master/dockerd-entrypoint.sh
    capabilities: asRoot,
    variants: [
      {
        tag: /dind/,
        facts: {
          writesRoot: 'the engine writes /var/run, /etc/docker and /certs',
          executesTmp: true,
          memory: '2G',
          ports: [2376, 2375],
        },
      },
    ],
  },
  {
    title: 'Selenium',
    repositories: ['selenium/standalone-*', 'selenium/node-*', 'selenium/hub'],
    // https://github.com/SeleniumHQ/docker-selenium/blob/trunk/Base/Dockerfile
    user: '1200:1201',
    gainsPrivileges: true,
    writesRoot: 'supervisord and the browsers write /opt, /var/run and the home',
    executesTmp: true,
    memory: '2G',
    ports: [4444, 7900],
  },
  ...[
    // https://github.com/docker-library/hello-world
    ['hello-world', 'Hello world'],
    // https://github.com/flyway/flyway-docker
    ['flyway/flyway', 'Flyway'],
    // https://github.com/liquibase/docker
    ['liquibase/liquibase', 'Liquibase'],
    // https://github.com/golang-migrate/migrate
    ['migrate/migrate', 'golang-migrate'],
    // https://github.com/amacneil/dbmate
    ['amacneil/dbmate', 'dbmate'],
    // https://github.com/curl/curl-container
    ['curlimages/curl', 'curl'],
    // https://github.com/aws/aws-cli
    ['amazon/aws-cli', 'AWS CLI'],
    // https://github.com/grafana/k6
    ['grafana/k6', 'k6'],
    // https://github.com/aquasecurity/trivy
    ['aquasec/trivy', 'Trivy'],
    // https://github.com/restic/restic
    ['restic/restic', 'restic'],
  ].map(
    ([repository, title]): ImageFacts => ({
      title: title!,
      repositories: [repository!],
      runsOnce: true,
      capabilities: asRoot,
      // Both are programs of Java.
      ...(/way|base/.test(repository!) && {
        executesTmp: true,
        writesRoot: 'it writes below its own folder',
      }),
    }),
  ),
]
