"""The command `sayso`, whose Ray loses its control process as soon as that is started."""

from ray._private import services

from sayso.pipeline.cli import app

start_ray_process = services.start_ray_process


def start_and_lose(command, process_type, *arguments, **options):
    started = start_ray_process(command, process_type, *arguments, **options)
    if process_type == "gcs_server":
        started.process.kill()
    return started


if __name__ == "__main__":
    services.start_ray_process = start_and_lose
    app()
