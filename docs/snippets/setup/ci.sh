.ci/run
