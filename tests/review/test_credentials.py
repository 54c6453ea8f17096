import pytest

from claimtable.errors import ReviewError
from claimtable.review.credentials import Credentials, read_credentials, server_address

KEY = "0123456789secret"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "label-studio.toml"
    path.write_text(f'url = "http://files.example/"\napi_key = "{KEY}"\n')
    path.chmod(0o600)
    return path


def test_from_the_environment():
    environment = {"LABEL_STUDIO_URL": "http://localhost:8080/", "LABEL_STUDIO_API_KEY": KEY}
    assert read_credentials(environment) == Credentials("http://localhost:8080", KEY)


def test_from_the_file_and_the_environment_goes_first(config):
    environment = {"CLAIMTABLE_LABEL_STUDIO_CONFIG": str(config)}
    assert read_credentials(environment) == Credentials("http://files.example", KEY)
    assert read_credentials(environment | {"LABEL_STUDIO_URL": "http://a"}).url == "http://a"


def test_a_file_that_others_can_read_is_refused(config):
    config.chmod(0o644)
    with pytest.raises(ReviewError, match="chmod 600"):
        read_credentials({"CLAIMTABLE_LABEL_STUDIO_CONFIG": str(config)})


@pytest.mark.parametrize(
    "malformed",
    [
        f'api_key = "{KEY}\n',
        f'api_key = "{KEY}"\nurl = {"[" * 5000}',
        f'api_key = "{KEY}"\nurl = {"9" * 9000}',
    ],
)
def test_a_malformed_file_does_not_show_the_key(config, malformed):
    config.write_text(malformed)
    with pytest.raises(ReviewError) as error:
        read_credentials({"CLAIMTABLE_LABEL_STUDIO_CONFIG": str(config)})
    assert KEY not in str(error.value)
    assert error.value.__suppress_context__


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(ReviewError, match="set LABEL_STUDIO_URL"):
        read_credentials({"XDG_CONFIG_HOME": str(tmp_path)})
    with pytest.raises(ReviewError, match="set LABEL_STUDIO_API_KEY"):
        read_credentials({"XDG_CONFIG_HOME": str(tmp_path), "LABEL_STUDIO_URL": "http://a"})


@pytest.mark.parametrize("url", ["http://me:secret@host", "host:8080", "ftp://host", "http://host:port"])
def test_an_address_that_is_none_or_holds_a_password(url):
    with pytest.raises(ReviewError) as error:
        server_address(url)
    assert "secret" not in str(error.value)


def test_the_key_is_not_shown():
    assert KEY not in repr(Credentials("http://a", KEY))
