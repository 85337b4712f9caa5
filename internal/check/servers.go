package main

import (
	"context"

	"linggong/internal/testserver"
)

// startServers starts the servers that all Go tests share. They end with the
// program, even if it is killed.
func startServers(ctx context.Context, j *job) error {
	for _, server := range []struct {
		env   string
		start func(context.Context) (string, func(), error)
	}{
		{testserver.EnvPostgres, testserver.StartPostgres},
		{testserver.EnvRedis, testserver.StartRedis},
	} {
		url, stop, err := server.start(ctx)
		if err != nil {
			j.fault("%v", err)
			continue
		}
		j.atEnd(stop)
		j.setenv(server.env, url)
		j.passed++
	}
	return nil
}
