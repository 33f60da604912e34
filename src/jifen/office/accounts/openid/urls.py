"""The addresses that django-allauth gives to an OpenID provider, answered by our exchange."""

from django.urls import path

from jifen.office.accounts.openid import views

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
