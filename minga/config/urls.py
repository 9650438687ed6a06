"""All addresses, assembled from the areas."""

urlpatterns = []
