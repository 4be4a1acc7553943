"""Addresses of signing in and out, of invitations and of one's own profile, at the root."""

from __future__ import annotations

from django.urls import path

from apps.accounts import here, invitation_views, profile, signing_in, views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("session/", here.session, name="session"),
    path("signed-in/", here.signed_in, name="signed_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("profile/", profile.profile, name="profile"),
    path("profile/theme/", profile.theme, name="theme"),
    path("profile/keys/", profile.keys, name="keys"),
    path("profile/sessions/", profile.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
]
