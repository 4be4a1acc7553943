"""Addresses of signing in and out, at the root."""

from __future__ import annotations

from django.urls import path

from apps.accounts import invitation_views, views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("invitations/<str:token>/", invitation_views.invitation, name="invitation"),
]
