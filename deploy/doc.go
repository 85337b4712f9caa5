// Package deploy holds what brings the program into production: container,
// compose file, systemd unit. Its test checks each as far as that goes without
// a container engine.
package deploy
