"""IP addresses of authors: kept only as digests that a site's comments can be compared by."""

import hmac
from ipaddress import ip_address

from moderation.model.ids import SiteId
from moderation.settings import Settings


def digest_ip(settings: Settings, site_id: SiteId, ip: str) -> str:
    """Return the salted digest of an IP address; another at each site, so that none can be traced.

    Raises ValueError where it is no address. There are few enough addresses to try them all, so
    the digest hides nothing from whoever holds the installation's secret key.
    """
    message = site_id.bytes + ip_address(ip).compressed.encode()
    return hmac.digest(settings.derive_key("ip"), message, "sha256").hex()
