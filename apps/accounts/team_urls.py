"""Addresses of a team's people and API tokens, below /t/<team>/."""

from __future__ import annotations

from django.urls import path

from apps.accounts import people_views, token_views

app_name = "people"

urlpatterns = [
    path("people/", people_views.people, name="people"),
    path("people/<int:member>/role/", people_views.role, name="role"),
    path("people/<int:member>/remove/", people_views.remove, name="remove"),
    path("people/invitations/", people_views.invitations, name="invitations"),
    path("people/invitations/<int:invitation>/again/", people_views.invite_again, name="invite_again"),
    path("people/invitations/<int:invitation>/withdraw/", people_views.withdraw, name="withdraw"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:token>/withdraw/", token_views.withdraw, name="withdraw_token"),
]
