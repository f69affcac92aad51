"""Included while developing and in tests only: `path("guide/", include("makegood.web.urls"))`."""

from django.urls import path

from makegood.web.views import guide

urlpatterns = [path("", guide.show, name="guide"), path("<slug:name>/", guide.show, name="guide-page")]
