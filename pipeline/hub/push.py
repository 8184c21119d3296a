"""Push a finished run to the Hub: only what it lacks, and so that it never shows half of a version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from json import JSONDecodeError
from typing import Literal, TypeVar

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import disable_progress_bars
from pydantic import BaseModel, ConfigDict

from sayso.manifests.errors import ExitCode, SaysoError, in_one_line
from sayso.manifests.names import MANIFESTS
from sayso.manifests.progress import Progress
from sayso.manifests.storage import Storage
from sayso.pipeline.hub.comparison import Comparison, compare
from sayso.pipeline.hub.names import check_dataset_name
from sayso.pipeline.hub.uploads import Upload
from sayso.stages.sources.stores import ATTEMPTS, PASSING, status_of, with_retries

T = TypeVar("T")
Visibility = Literal["private", "public"]
Operation = CommitOperationAdd | CommitOperationDelete

# What is handed over at a time: bytes so that a bar moves and memory is bounded, files as the Hub answers about them.
BATCH_BYTES, BATCH_FILES = 256 << 20, 256
# The Hub works on a commit of more operations for minutes, if it takes it at all.
COMMIT_OPERATIONS = 1_000


class PushError(SaysoError):
    """Raised when the Hub cannot be reached or refuses; says what to do about it."""

    exit_code = ExitCode.BAD_SOURCE


class Pushed(BaseModel):
    """What a push did, or would do: the files that it sends and removes, and the commit that the Hub is at."""

    model_config = ConfigDict(frozen=True)

    repository: str
    address: str
    commit: str
    sent: tuple[str, ...]
    bytes_sent: int
    removed: tuple[str, ...]
    unchanged: int


def check_access(repository: str) -> None:
    """Raises NotAName, or PushError where nobody is logged in: what a push can know before any work."""
    check_dataset_name(repository)
    if get_token() is None:
        raise PushError(
            f"{repository}: nobody is logged in; run `hf auth login`, or set HF_TOKEN, with a token that may write "
            f"to {_owner(repository)} ({constants.ENDPOINT}/settings/tokens)"
        )


@dataclass(frozen=True)
class Push:
    """Files of a run on their way into the repository of a dataset."""

    storage: Storage
    files: Sequence[Upload]
    repository: str
    progress: Progress

    def dry_run(self) -> Pushed:
        """What there is to be sent. Sends nothing. Raises PushError."""
        return self._result(_ask_hub(self.repository, self._compare))

    def carry_out(self, visibility: Visibility) -> Pushed:
        """Send what the Hub lacks. A repository that is not there is made; one that is stays as visible as it is.

        Raises PushError; what was sent stays there, and the same call goes on.
        """
        _ask_hub(self.repository, lambda: self._create(visibility))
        found = _ask_hub(self.repository, self._compare)
        if found.is_empty:
            return self._result(found)
        with disable_progress_bars():
            _ask_hub(self.repository, self._send)
        there = _ask_hub(self.repository, self._compare)
        if not there.is_empty:
            left = [*(file.path for file in there.sent), *there.removed]
            raise PushError(
                f"{self.repository}: {len(left)} files are there other than they were sent, such as {left[0]}; "
                "look for a .gitignore in the repository and for others who push to it, then push again"
            )
        return self._result(found).model_copy(update={"commit": there.commit})

    def _create(self, visibility: Visibility) -> None:
        private = visibility == "private"
        HfApi().create_repo(self.repository, repo_type="dataset", private=private, exist_ok=True)

    def _compare(self) -> Comparison:
        return compare(HfApi(), self.repository, self.files, self.storage)

    def _send(self) -> None:
        """Upload every file, then commit. What is lacking is found anew at each attempt.

        A commit may be made though its answer is lost, and what was uploaded without a commit is not sent again.
        """
        found = self._compare()
        self.progress.expect(sum(file.size for file in found.sent))
        additions: dict[str, CommitOperationAdd] = {}
        for batch in _batches(found.sent):
            loaded = {file.path: self._addition(file) for file in batch}
            HfApi().preupload_lfs_files(self.repository, loaded.values(), repo_type="dataset")
            additions |= loaded
            self.progress.advance(sum(file.size for file in batch))
        head = found.commit
        for paths in _early(found):
            head = self._commit([additions.pop(path) for path in paths], "Add manifests", head)
        removals = [CommitOperationDelete(path, is_folder=False) for path in found.removed]
        if additions or removals:
            self._commit([*additions.values(), *removals], "Publish the dataset", head)

    def _addition(self, file: Upload) -> CommitOperationAdd:
        if file.content is not None:
            return CommitOperationAdd(file.path, file.content)
        if not self.storage.is_local:
            return CommitOperationAdd(file.path, self.storage.read(file.name))
        addition = CommitOperationAdd(file.path, self.storage.path(file.name))
        # It was checked when the run was verified, and need not be read once more for that.
        addition.upload_info.sha256 = bytes.fromhex(file.sha256)
        return addition

    def _commit(self, operations: Sequence[Operation], message: str, parent: str) -> str:
        made = HfApi().create_commit(
            self.repository,
            operations,
            commit_message=message,
            repo_type="dataset",
            # Refused when somebody else has committed since: what is sent was compared with that commit.
            parent_commit=parent or None,
        )
        return made.oid

    def _result(self, found: Comparison) -> Pushed:
        return Pushed(
            repository=self.repository,
            address=f"{constants.ENDPOINT}/datasets/{self.repository}",
            commit=found.commit,
            sent=tuple(file.path for file in found.sent),
            bytes_sent=sum(file.size for file in found.sent),
            removed=found.removed,
            unchanged=len(self.files) - len(found.sent),
        )


def _batches(files: Sequence[Upload]) -> Iterator[list[Upload]]:
    batch: list[Upload] = []
    for file in files:
        if batch and (len(batch) == BATCH_FILES or sum(each.size for each in batch) + file.size > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def _early(found: Comparison) -> Iterator[list[str]]:
    """The paths of new manifests that are committed before the rest, where there are too many for one commit.

    Nothing that is there speaks of them yet. All else changes what the dataset is, so it comes in one last commit.
    """
    if len(found.sent) + len(found.removed) > COMMIT_OPERATIONS:
        paths = iter([file.path for file in found.new if file.path.startswith(MANIFESTS)])
        while some := list(islice(paths, COMMIT_OPERATIONS)):
            yield some


def _ask_hub(repository: str, act: Callable[[], T]) -> T:
    """What the Hub answers, asked again where a fault may pass. Raises PushError."""

    def attempt() -> T:
        try:
            return act()
        except RuntimeError as error:
            # So a failed upload comes, with what it failed of as its cause.
            raise error.__cause__ if isinstance(error.__cause__, HfHubHTTPError) else error from None
        except JSONDecodeError as error:
            # So a question comes back that was refused before the Hub had read it.
            raise ConnectionError("an answer that is not JSON") from error

    try:
        return with_retries(attempt)
    except SaysoError:
        # Of what is here, not of the Hub.
        raise
    except Exception as error:  # of the Hub's library, of what it sends with, or of the network
        # Not shown whole: it may hold signed addresses.
        raise PushError(_sentence(repository, error)) from None


def _sentence(repository: str, error: Exception) -> str:
    owner, status = _owner(repository), status_of(error)
    if status == 401:
        said = f"the token is not known; run `hf auth login`, or set HF_TOKEN, with one that may write to {owner}"
    elif status in (403, 404):
        said = f"this token may not write to {owner}; take one that may, or check the name"
    elif status in (409, 412):
        said = "somebody else changed it during the push; run the same command again"
    elif isinstance(error, OfflineModeIsEnabled):
        said = "HF_HUB_OFFLINE forbids asking the Hub; unset it"
    elif status in PASSING or (status is None and not isinstance(error, ValueError)):
        what = f"status {status}" if status else type(error).__name__
        said = (
            f"the Hub did not answer as it should in {ATTEMPTS} attempts ({what}); run the same command again, "
            "files that were sent are not sent again"
        )
    else:
        said = f"the Hub refuses what was sent: {in_one_line(error)}"
    return f"{repository}: {said}"


def _owner(repository: str) -> str:
    return repository.partition("/")[0]
